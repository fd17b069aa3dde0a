// The declared files, pipes, sockets and wires of a generated program.
//
// Interface: Declared, declare.

import { O_DIRECT, O_NONBLOCK, O_CLOEXEC, SOCK_NONBLOCK } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { FileDecl, PipeDecl, Run, SocketDecl, WireDecl } from "../language/program.js";
import type { Limits } from "./constraints.js";
import type { Digits } from "./digits.js";

/** What a program starts with. */
export interface Declared {
  readonly grid: number;
  readonly threads: number;
  readonly files: readonly FileDecl[];
  readonly pipes: readonly PipeDecl[];
  readonly sockets: readonly SocketDecl[];
  readonly wires: readonly WireDecl[];
}

const FILE_NAMES = ["f", "g"] as const;
const PIPE_NAMES = ["p", "q"] as const;

/** The first byte of each file's content; page i has this plus i, so that pages tell themselves. */
const FIRST_BYTES = [0xa0, 0xb0] as const;

const PIPE_FLAGS = [
  0,
  O_NONBLOCK,
  O_NONBLOCK | O_DIRECT,
  O_DIRECT,
  O_NONBLOCK | O_CLOEXEC,
] as const;
const PIPE_FLAG_WEIGHTS = [28, 63, 4, 2, 3];

/** Decodes the head of a program. */
export function declare(digits: Digits, limits: Limits): Declared {
  const threads = limits.threadsMax === 1 ? 1 : decodeThreads(digits, limits.threadsMax);
  const pipes = 1 + digits.weighted([50, 50]);
  const files = 1 + digits.weighted([64, 36]);
  const grid = limits.grid === "mixed" ? drawGrid(digits) : limits.grid;
  const declared = {
    grid,
    threads,
    files: FILE_NAMES.slice(0, files).map((name, i) => declareFile(digits, limits, grid, name, i)),
    pipes: PIPE_NAMES.slice(0, pipes).map((name) => declarePipe(digits, name)),
  };
  const sockets = limits.sockets ? declareSocket(digits, limits.tcp) : [];
  return { ...declared, sockets, wires: limits.wires ? declareWire(digits) : [] };
}

const SOCKETS = ["stream", "tcp", "dgram", "seqpacket", "udp"] as const;

/** Most often one, that a read may wait on in one of three; where it may not be TCP it is a stream instead. */
function declareSocket(digits: Digits, tcp: boolean): SocketDecl[] {
  if (digits.weighted([70, 30]) === 1) return [];
  const flags = digits.weighted([60, 40]) === 0 ? SOCK_NONBLOCK : 0;
  const kind = SOCKETS[digits.weighted([28, 27, 15, 10, 20])]!;
  return [{ name: "s", kind: kind === "tcp" && !tcp ? "stream" : kind, flags }];
}

function declareWire(digits: Digits): WireDecl[] {
  if (digits.weighted([70, 30]) === 1) return [];
  const retransmits = digits.pick(2) === 1;
  const fragsMax = [undefined, 1, 2][digits.weighted([60, 20, 20])];
  const loopback = digits.weighted([70, 30]) === 1;
  return [{ name: "w", loopback, retransmits, ...(fragsMax === undefined ? {} : { fragsMax }) }];
}

function decodeThreads(digits: Digits, threadsMax: number): number {
  if (digits.weighted([38, 62]) === 0) return 1;
  return 2 + digits.pick(threadsMax - 1);
}

function drawGrid(digits: Digits): number {
  return [4096, 1024, 512, 1][digits.weighted([40, 30, 22, 8])]!;
}

function declarePipe(digits: Digits, name: string): PipeDecl {
  const flags = PIPE_FLAGS[digits.weighted(PIPE_FLAG_WEIGHTS)]!;
  const sizeBytes = [undefined, 8192, 4096, 16384][digits.weighted([80, 10, 4, 6])];
  return { name, flags, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}

function declareFile(
  digits: Digits,
  limits: Limits,
  grid: number,
  name: string,
  index: number,
): FileDecl {
  const content = drawContent(digits, limits, grid, FIRST_BYTES[index]!);
  const order = limits.folioOrders && content.length > 1 ? digits.weighted([70, 15, 15]) : 0;
  return { name, content, ...(order === 0 ? {} : { folioOrder: order }) };
}

/** Page by page: "d" is data, "h" a hole, "p" a part of a page. Kinds that make no file too long. */
const SHAPES = ["d", "dd", "hd", "dp", "dddd", "ddp", "dhd", "p", "", "hh"] as const;
const SHAPE_WEIGHTS = [30, 24, 8, 8, 7, 7, 4, 5, 3, 2];

function drawContent(digits: Digits, limits: Limits, grid: number, firstByte: number): Run[] {
  const shape: string = SHAPES[digits.weighted(SHAPE_WEIGHTS)]!;
  const part = partOfPage(digits, grid);
  const pages = Math.min(shape.length, limits.fileBytesMax / PAGE_SIZE);
  const runs: Run[] = [];
  for (let page = 0; page < pages; page++) {
    const kind = limits.holes || shape[page] === "p" ? shape[page] : "d";
    const byte = kind === "h" ? "hole" : firstByte + page;
    const lenBytes = kind === "p" ? part : PAGE_SIZE;
    const last = runs.at(-1);
    if (last?.byte === byte) runs[runs.length - 1] = { byte, lenBytes: last.lenBytes + lenBytes };
    else runs.push({ byte, lenBytes });
  }
  return runs;
}

/** A length from `grid` to 4096, on the grid. */
export function partOfPage(digits: Digits, grid: number): number {
  if (grid === 1) return digits.of([1, 10, 100, 1000, 4000, 4095]);
  return grid * (1 + digits.pick(Math.max(1, PAGE_SIZE / grid - 1)));
}
