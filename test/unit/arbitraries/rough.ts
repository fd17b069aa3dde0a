// A rough run of a program, call by call, only good for statistics of generated programs: pages are
// objects without content, every file is in the page cache, errors are those that programs meet often.
//
// Interface: roughRun, RoughRun. Deliberately no model of anything: nothing is compared with it.

import * as fcntl from "../../../assembly/abi/fcntl.js";
import {
  callsOf,
  contentBytes,
  declaredFd,
  plainSyscall,
  segmentsOf,
} from "../../../src/language/program.js";
import type { Call, CallId, Operand } from "../../../src/language/program.js";
import type { Sample } from "../../../src/arbitraries/decode.js";
import { RoughFifos } from "./rough-fifos.js";
import { ON_MAPPINGS, RoughMemory } from "./rough-memory.js";
import { allocate, clone, copy, cut } from "./rough-ranges.js";
import { BLOCK, ERROR } from "./rough-parts.js";
import type { Description, File, Page, Pipe, Result } from "./rough-parts.js";

/** What a call came to. */
export type Fate = "ok" | "short" | "error" | "blocked" | "not-started";

export interface RoughRun {
  readonly fates: readonly Fate[];
  /** A page that a slot pointed at was modified, and the slot's bytes were consumed afterwards. */
  readonly interesting: boolean;
  /** The largest size that any file had. */
  readonly longestFileBytes: number;
}

/** Index of the name that a call is about. */
function nameOf({ operands: [name] }: Call): number {
  return name?.kind === "name" ? name.name : -1;
}

class Rough {
  readonly table = new Map<number, Description>();
  readonly named = new Map<number, File>();
  readonly made = new Map<CallId, [number, number]>();
  readonly rets = new Map<CallId, number>();
  readonly memory = new RoughMemory<File>();
  readonly fifos = new RoughFifos();
  interesting = false;
  longestFileBytes = 0;

  constructor(readonly sample: Sample) {
    const { program } = sample;
    program.files.forEach((decl, i) => {
      const file: File = { pages: [], size: contentBytes(decl.content) };
      this.named.set(i, file);
      this.table.set(3 + i, { file, flags: fcntl.O_RDWR, pos: 0, refs: 1 });
    });
    program.pipes.forEach((decl, i) => {
      const fd = declaredFd(program, { kind: "pipe", pipe: i, end: "r" });
      this.makePipe(fd, fd + 1, decl.flags, (decl.sizeBytes ?? 65536) / 4096);
    });
  }

  makePipe(r: number, w: number, flags: number, max: number): void {
    const pipe: Pipe = { slots: [], max, readers: 1, writers: 1 };
    this.table.set(r, { pipe, end: "r", flags: flags & fcntl.O_NONBLOCK, pos: 0, refs: 1 });
    this.table.set(w, { pipe, end: "w", flags: flags | fcntl.O_WRONLY, pos: 0, refs: 1 });
  }

  free(): number {
    let fd = 3;
    while (this.table.has(fd)) fd++;
    return fd;
  }

  value(operand: Operand | undefined): number | undefined {
    switch (operand?.kind) {
      case "int":
      case "pointer":
        return Number(operand.value);
      case "file":
      case "pipe":
        return declaredFd(this.sample.program, operand);
      case "result":
        return this.rets.get(operand.call) ?? -1;
      case "made-pipe":
        return this.made.get(operand.call)?.[operand.end === "r" ? 0 : 1] ?? -1;
      case "data":
      case "vector":
        return contentBytes(segmentsOf(operand)!.flat());
      default:
        return undefined;
    }
  }

  page(file: File, index: number): Page {
    return (file.pages[index] ??= { version: 0 });
  }

  modify(file: File, from: number, to: number): void {
    for (let at = from; at < to; at = (Math.floor(at / 4096) + 1) * 4096)
      this.page(file, Math.floor(at / 4096)).version++;
    file.size = Math.max(file.size, to);
    this.longestFileBytes = Math.max(this.longestFileBytes, to);
  }

  consume(pipe: Pipe, want: number): number {
    let done = 0;
    while (done < want && pipe.slots.length > 0) {
      const slot = pipe.slots[0]!;
      const n = Math.min(slot.len, want - done);
      if (slot.ofFile && slot.page.version !== slot.version) this.interesting = true;
      slot.offset += n;
      slot.len -= n;
      done += n;
      if (slot.len === 0) pipe.slots.shift();
    }
    return done;
  }

  run(call: Call): Result {
    const v = call.operands.map((operand) => this.value(operand));
    const a = this.table.get(v[0] ?? -1);
    if (ON_MAPPINGS.has(call.syscall))
      return this.memory.access(call, v, (file, from, to) => this.modify(file, from, to));
    switch (call.syscall) {
      case "open":
        return this.open(call);
      case "mkfifo":
        return this.named.has(nameOf(call)) ? ERROR : this.fifos.make(nameOf(call));
      case "memfd_create":
        return this.install({
          ...{ file: { pages: [], size: 0 }, flags: fcntl.O_RDWR },
          ...{ pos: 0, refs: 1 },
        });
      case "unlink":
        return this.named.delete(nameOf(call)) ? 0 : ERROR;
      case "rename": {
        const file = this.named.get(nameOf(call));
        const to = call.operands[1]!;
        if (!file || to.kind !== "name" || to.name < 0) return ERROR;
        this.named.delete(nameOf(call));
        this.named.set(to.name, file);
        return 0;
      }
      case "pipe2": {
        const r = this.free();
        this.table.set(r, { flags: 0, pos: 0, refs: 1 });
        const w = this.free();
        this.makePipe(r, w, v[1]!, 16);
        this.made.set(call.id, [r, w]);
        return 0;
      }
      case "splice":
        return this.splice(v, call);
      case "tee":
        return this.tee(v);
      case "drop_caches":
      case "io_uring_enter":
        return 0;
      case "mmap":
        return this.memory.mmap(call.id, v, this.table.get(v[4] ?? -1));
      default:
        if (a === undefined) return call.syscall === "poll" ? 1 : ERROR;
    }
    const plain = plainSyscall(call);
    switch (plain) {
      case "close":
        this.table.delete(v[0]!);
        if (--a.refs === 0 && a.pipe) {
          if (a.end !== "w") a.pipe.readers--;
          if (a.end !== "r") a.pipe.writers--;
        }
        return 0;
      case "dup":
        a.refs++;
        return this.install(a);
      case "read":
      case "pread":
        return this.read(a, v[1]!, plain === "pread" ? v[2]! : undefined);
      case "write":
      case "pwrite":
        return this.write(a, v[1]!, plain === "pwrite" ? v[2]! : undefined);
      case "lseek":
        return a.file && v[2] === 0 ? (a.pos = v[1]!) : a.file ? 0 : ERROR;
      case "ftruncate":
        return cut(a, v[1]!);
      case "copy_file_range":
        return copy(a, this.table.get(v[2]!), v, (file, from, to) => this.modify(file, from, to));
      case "ioctl":
        return v[1] === fcntl.FIONREAD || v[1] === fcntl.SIOCOUTQ
          ? 0
          : clone(a, this.table.get(v[2]!), v, (file, from, to) => this.modify(file, from, to));
      case "fallocate":
        return allocate(a, v[1]!, v[2]!, v[3]!);
      case "fsync":
      case "posix_fadvise":
        return a.file ? 0 : ERROR;
      case "fcntl": {
        if (v[1] === fcntl.F_SETFL || (a.file && v[1]! >= fcntl.F_ADD_SEALS)) return 0;
        if (!a.pipe) return ERROR;
        if (v[1] === fcntl.F_GETPIPE_SZ) return a.pipe.max;
        const n = 2 ** Math.ceil(Math.log2(Math.max(4096, v[2]!))) / 4096;
        if (n < a.pipe.slots.length) return ERROR;
        return (a.pipe.max = n);
      }
      case "poll":
        return v[2] === 0 || a.file || a.end === "w" || a.pipe!.slots.length ? 0 : BLOCK;
      default:
        return 0;
    }
  }

  open(call: Call): Result {
    const [, flagsOperand] = call.operands;
    const flags = this.value(flagsOperand)!;
    const index = nameOf(call);
    const fifo = this.fifos.open(index, flags);
    if (fifo !== undefined) return typeof fifo === "object" ? this.install(fifo) : fifo;
    let file = this.named.get(index);
    if (index < -1) file = { pages: [], size: 0 };
    else if (index < 0) {
      if ((flags & fcntl.O_TMPFILE) !== fcntl.O_TMPFILE) return ERROR;
      file = { pages: [], size: 0 };
    } else if (file && flags & fcntl.O_EXCL) return ERROR;
    else if (!file) {
      if (!(flags & fcntl.O_CREAT)) return ERROR;
      this.named.set(index, (file = { pages: [], size: 0 }));
    } else if (flags & fcntl.O_TRUNC) {
      file.pages = [];
      file.size = 0;
    }
    return this.install({ file, flags, pos: 0, refs: 1 });
  }

  install(description: Description): number {
    const fd = this.free();
    this.table.set(fd, description);
    return fd;
  }

  read(a: Description, count: number, at?: number): Result {
    if (a.pipe) {
      if (at !== undefined || a.end === "w") return ERROR;
      if (a.pipe.slots.length > 0) return this.consume(a.pipe, count);
      return a.pipe.writers === 0 ? 0 : a.flags & fcntl.O_NONBLOCK ? ERROR : BLOCK;
    }
    if ((a.flags & 3) === fcntl.O_WRONLY) return ERROR;
    const n = Math.max(0, Math.min(count, a.file!.size - (at ?? a.pos)));
    if (at === undefined) a.pos += n;
    return n;
  }

  write(a: Description, count: number, at?: number): Result {
    if (a.pipe) {
      if (at !== undefined || a.end === "r" || a.pipe.readers === 0) return ERROR;
      const room = (a.pipe.max - a.pipe.slots.length) * 4096;
      if (room <= 0) return a.flags & fcntl.O_NONBLOCK ? ERROR : BLOCK;
      const n = Math.min(room, count);
      for (let d = 0; d < n; d += 4096)
        this.push(a.pipe, { version: 0 }, 0, Math.min(4096, n - d), false);
      return n < count && !(a.flags & fcntl.O_NONBLOCK) ? BLOCK : n;
    }
    if ((a.flags & 3) === 0 || (at ?? 0) < 0) return ERROR;
    const from = a.flags & fcntl.O_APPEND ? a.file!.size : (at ?? a.pos);
    this.modify(a.file!, from, from + count);
    if (at === undefined) a.pos = from + count;
    return count;
  }

  push(pipe: Pipe, page: Page, offset: number, len: number, ofFile: boolean): void {
    pipe.slots.push({ page, offset, len, version: page.version, ofFile });
  }

  splice(v: (number | undefined)[], call: Call): Result {
    const [a, b] = [this.table.get(v[0] ?? -1), this.table.get(v[2] ?? -1)];
    const offIn = call.operands[1]?.kind === "pointer" ? v[1] : undefined;
    const offOut = call.operands[3]?.kind === "pointer" ? v[3] : undefined;
    const len = v[4]!;
    const soft = (v[5]! & 2) !== 0;
    if (len === 0) return 0;
    if (!a || !b || (a.pipe && offIn !== undefined) || (b.pipe && offOut !== undefined))
      return ERROR;
    if (a.end === "w" || b.end === "r") return ERROR;
    if (a.pipe && b.pipe) return this.move(a, b, len, soft);
    if (a.file && b.pipe) {
      if ((a.flags & 3) === fcntl.O_WRONLY || b.pipe.readers === 0) return ERROR;
      const free = b.pipe.max - b.pipe.slots.length;
      if (free <= 0) return soft || b.flags & fcntl.O_NONBLOCK ? ERROR : BLOCK;
      let pos = offIn ?? a.pos;
      let done = 0;
      while (done < len && pos < a.file.size && b.pipe.slots.length < b.pipe.max) {
        const n = Math.min(4096 - (pos % 4096), len - done, a.file.size - pos);
        this.push(b.pipe, this.page(a.file, Math.floor(pos / 4096)), pos % 4096, n, true);
        pos += n;
        done += n;
      }
      if (offIn === undefined) a.pos = pos;
      return done;
    }
    if (!a.pipe || !b.file || (b.flags & 3) === 0 || b.flags & fcntl.O_APPEND) return ERROR;
    const wait = this.waitIn(a, soft);
    if (wait !== undefined) return wait;
    const at = offOut ?? b.pos;
    const n = this.consume(a.pipe, len);
    this.modify(b.file, at, at + n);
    if (offOut === undefined) b.pos = at + n;
    return n;
  }

  waitIn(a: Description, soft: boolean): Result | undefined {
    if (a.pipe!.slots.length > 0) return undefined;
    if (a.pipe!.writers === 0) return 0;
    return soft || a.flags & fcntl.O_NONBLOCK ? ERROR : BLOCK;
  }

  move(a: Description, b: Description, len: number, soft: boolean, keep = false): Result {
    if (a.pipe === b.pipe) return ERROR;
    const nonblock = soft || ((a.flags | b.flags) & fcntl.O_NONBLOCK) !== 0;
    const wait = this.waitIn(a, nonblock);
    if (wait !== undefined) return wait;
    if (b.pipe!.readers === 0) return ERROR;
    if (b.pipe!.slots.length >= b.pipe!.max) return nonblock ? ERROR : BLOCK;
    let done = 0;
    for (const slot of [...a.pipe!.slots]) {
      if (done >= len || b.pipe!.slots.length >= b.pipe!.max) break;
      const n = Math.min(slot.len, len - done);
      b.pipe!.slots.push({ ...slot, len: n });
      done += n;
      if (keep) continue;
      slot.offset += n;
      slot.len -= n;
      if (slot.len === 0) a.pipe!.slots.shift();
    }
    return done;
  }

  tee(v: (number | undefined)[]): Result {
    const [a, b] = [this.table.get(v[0] ?? -1), this.table.get(v[1] ?? -1)];
    if (!a?.pipe || !b?.pipe || a.end === "w" || b.end === "r") return ERROR;
    return this.move(a, b, v[2]!, (v[3]! & 2) !== 0, true);
  }
}

/** Runs a sample by its picks. */
export function roughRun(sample: Sample): RoughRun {
  const rough = new Rough(sample);
  const calls = callsOf(sample.program);
  const fates = calls.map((): Fate => "not-started");
  const next = sample.program.threads.map(() => 0);
  const stuck = new Map<number, Call>();
  const attempt = (thread: number, call: Call): void => {
    const result = rough.run(call);
    if (result === BLOCK) {
      stuck.set(thread, call);
      fates[call.id] = "blocked";
      return;
    }
    stuck.delete(thread);
    rough.rets.set(call.id, result);
    const wanted = wantedBytes(call);
    fates[call.id] = result < 0 ? "error" : result < wanted ? "short" : "ok";
  };
  const start = (thread: number): boolean => {
    const call = sample.program.threads[thread]!.calls[next[thread]!];
    if (call === undefined || stuck.has(thread)) return false;
    if (call.after.some((id) => !rough.rets.has(id))) return false;
    next[thread]!++;
    attempt(thread, call);
    for (const [other, blocked] of [...stuck]) attempt(other, blocked);
    return true;
  };
  for (const pick of sample.picks) start(pick);
  while (sample.program.threads.some((_, thread) => start(thread)));
  const { interesting, longestFileBytes } = rough;
  return { fates, interesting, longestFileBytes };
}

/** Which operand says how many bytes a call is to transfer. */
const AMOUNT_AT = new Map(
  Object.entries({ read: 1, pread: 1, write: 1, pwrite: 1, splice: 4, tee: 2 }),
);

function wantedBytes(call: Call): number {
  const at = AMOUNT_AT.get(plainSyscall(call));
  const operand = at === undefined ? undefined : call.operands[at];
  if (operand?.kind === "int") return Number(operand.value);
  return contentBytes(segmentsOf(operand)?.flat() ?? []);
}
