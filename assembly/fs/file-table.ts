// Descriptors, open file descriptions and inodes: making and dropping them. Mirrors: fs/file.c, fs/file_table.c.
//
// Interface: newFile, newInode, reserveFd, installFd, releaseFile, dropInode.
// Not modelled: EMFILE and ENFILE (reset lays out room for every descriptor that a program can open).

import { FD_FIRST } from "../abi/program";
import {
  File,
  INODE_CUT,
  INODE_LIVE,
  Inode,
  TARGET_DEVICE,
  TARGET_INODE,
  TARGET_NONE,
  TARGET_READ_END,
  TARGET_SOCKET,
  TARGET_WIRE,
  TARGET_WRITE_END,
  fdAt,
  fds,
  fileAt,
  filesMax,
  inodeAt,
  inodesMax,
  pipeAt,
  pipesMax,
} from "../layout";
import {
  OBJECT_AHEAD,
  OBJECT_FILE,
  OBJECT_INODE,
  OBJECT_PIPE,
  OBJECT_POSITION,
  declareWrite,
} from "../touch";
import { FD_RESERVED, isPipeTarget } from "../sched/call";
import { releaseSocket } from "../net/socket";
import { releaseEnd } from "./pipe";
import { detachAll, flushReleased } from "./truncate";

/** A new description with one reference, that of its descriptor. */
export function newFile(target: u8, id: u32, flags: u32): u32 {
  for (let f: u32 = 0; f < filesMax; f++) {
    declareWrite(OBJECT_FILE, f);
    const file = fileAt(f);
    if (file.target != TARGET_NONE) continue;
    declareWrite(OBJECT_POSITION, f);
    declareWrite(OBJECT_AHEAD, f);
    file.target = target;
    file.id = <u8>id;
    file.refs = 1;
    file.flags = flags;
    file.previous = -1;
    if (target == TARGET_INODE) inodeAt(id).opens++;
    return f;
  }
  assert(false, "reset lays out a description for every open");
  return 0;
}

/** A new empty inode. */
export function newInode(named: bool): u32 {
  for (let i: u32 = 0; i < inodesMax; i++) {
    declareWrite(OBJECT_INODE, i);
    const inode = inodeAt(i);
    if (inode.live) continue;
    inode.live = INODE_LIVE;
    inode.named = named ? 1 : 0;
    return i;
  }
  assert(false, "reset lays out an inode for every open");
  return 0;
}

/** The number of a pipe that is not in use. */
export function freePipe(): u32 {
  for (let p: u32 = 0; p < pipesMax; p++) {
    declareWrite(OBJECT_PIPE, p);
    if (!pipeAt(p).live) return p;
  }
  assert(false, "reset lays out a pipe for every pipe2");
  return 0;
}

/** Reserves the lowest free descriptor. Mirrors: get_unused_fd_flags(). */
export function reserveFd(): u32 {
  for (let fd: u32 = FD_FIRST; fd < fds; fd++) {
    if (load<u8>(fdAt(fd))) continue;
    store<u8>(fdAt(fd), FD_RESERVED);
    return fd;
  }
  assert(false, "reset lays out a descriptor for every open");
  return 0;
}

/** Mirrors: fd_install(). */
export function installFd(fd: u32, file: u32): void {
  assert(load<u8>(fdAt(fd)) == FD_RESERVED, "a descriptor is reserved before it is installed");
  store<u8>(fdAt(fd), <u8>(file + 1));
}

/** The last reference of a description is gone. Mirrors: __fput(). */
export function releaseFile(file: u32, by: u32): void {
  const it = fileAt(file);
  assert(it.refs == 0, "a description in use is not released");
  const target = it.target;
  const id: u32 = it.id;
  memory.fill(changetype<usize>(it), 0, offsetof<File>());
  if (isPipeTarget(target))
    return releaseEnd(id, target != TARGET_WRITE_END, target != TARGET_READ_END, by);
  if (target == TARGET_SOCKET) return releaseSocket(id, by);
  // What waits in a wire is still transmitted.
  if (target == TARGET_WIRE || target == TARGET_DEVICE) return;
  const inode = inodeAt(id);
  inode.opens--;
  if (inode.live & INODE_CUT) flushReleased(id);
  dropInode(id);
}

/** Without a name and without a description that is open on it an inode goes. Mirrors: iput(), evict(). */
export function dropInode(id: u32): void {
  const inode = inodeAt(id);
  if (inode.opens || inode.named) return;
  detachAll(id);
  memory.fill(changetype<usize>(inode), 0, offsetof<Inode>());
}
