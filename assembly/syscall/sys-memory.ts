// mmap, munmap, madvise and fork; load and store, which are no system calls but what a thread does to memory.
//
// Mirrors: mm/mmap.c:ksys_mmap_pgoff(), do_mmap(), do_munmap(). The accesses themselves: mm/fault.ts.
// Not modelled: addresses (a mapping is named by the call that made it); ENOMEM of madvise where nothing is mapped, for what
// lies behind a mapping is anybody's; huge pages; mprotect, mremap.

import { EACCES, EFAULT, EINVAL, ENODEV, EPERM } from "../abi/errno";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from "../abi/mman";
import { PAGE_SIZE } from "../abi/pipe";
import { SYS_FORK, SYS_LOAD, SYS_MADVISE } from "../abi/syscalls";
import { mapIsSealed, contentIsSealed } from "../fs/seals";
import { File, header, taskAt } from "../layout";
import {
  MAPPING_ANON,
  MAPPING_READ,
  MAPPING_SEALED,
  MAPPING_SHARED,
  MAPPING_WRITE,
  Mapping,
  mappingAt,
  mappingsMax,
} from "../mm/page-table";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { isTcp } from "../net/layout";
import { namedMapping } from "../mm/fault";
import { forkMapping } from "../mm/fork";
import { mappingOfCall, zap } from "../mm/mapping";
import { bufferBytes, callCode } from "../program";
import {
  canRead,
  canWrite,
  currentCall,
  fail,
  failBadFd,
  fileIn,
  finish,
  holdIn,
  isDevice,
  isPipe,
  isSocket,
  operand,
} from "../sched/call";
import { LINE_ACCESS, LINE_UNMAP } from "../sched/line";

/** Pages that a length covers. */
export function pagesFor(bytes: i64): u32 {
  return <u32>((bytes + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

export function sysMmap(task: u32): void {
  const length = operand(task, 1);
  const prot = operand(task, 2);
  const flags = operand(task, 3);
  const kind = flags & ~(<i64>MAP_ANONYMOUS);
  const offset = operand(task, 5);
  if (offset & (PAGE_SIZE - 1)) return fail(task, EINVAL);
  if (flags & MAP_ANONYMOUS) return mapAnonymous(task, kind);
  if (!holdIn(task, 4)) return failBadFd(task);
  const file = fileIn(task);
  if (length == 0 || (kind != MAP_SHARED && kind != MAP_PRIVATE)) return fail(task, EINVAL);
  if (kind == MAP_SHARED && prot & PROT_WRITE && !canWrite(file)) return fail(task, EACCES);
  if (!canRead(file)) return fail(task, EACCES);
  if (isSocket(file) && isTcp(file.id)) {
    // TCP_ZEROCOPY_RECEIVE.
    header().unmodelled = UNMODELLED_CALL;
    return;
  }
  if (isPipe(file) || isSocket(file)) return fail(task, ENODEV);
  if (isDevice(file)) return mapDevice(task, file, kind);
  if (kind == MAP_SHARED && mapIsSealed(file.id, prot)) return fail(task, EPERM);
  const map = makeMapping(task, kind);
  if (kind == MAP_SHARED && contentIsSealed(file.id)) map.flags |= MAPPING_SEALED;
  map.file = taskAt(task).fileIn;
  map.inode = file.id;
  map.index = <u16>(offset >> PAGE_SHIFT);
  file.refs++;
  finish(task, 0);
}

/** The mapping that the call makes: its pages and rights. */
function makeMapping(task: u32, kind: i64): Mapping {
  const map = mappingAt(mappingOfCall(currentCall(task)));
  const prot = operand(task, 2);
  map.pages = <u16>pagesFor(operand(task, 1));
  if (kind == MAP_SHARED) map.flags |= MAPPING_SHARED;
  if (prot & PROT_READ) map.flags |= MAPPING_READ;
  if (prot & PROT_WRITE) map.flags |= MAPPING_WRITE;
  return map;
}

/** Memory of no file; the descriptor is not looked at. */
function mapAnonymous(task: u32, kind: i64): void {
  if (operand(task, 1) == 0 || (kind != MAP_SHARED && kind != MAP_PRIVATE))
    return fail(task, EINVAL);
  makeMapping(task, kind).flags |= MAPPING_ANON;
  finish(task, 0);
}

/** /dev/null has no memory; that of /dev/zero belongs to no file. Mirrors: drivers/char/mem.c:mmap_zero_prepare(). */
function mapDevice(task: u32, file: File, kind: i64): void {
  if (file.id == 0) fail(task, ENODEV);
  else mapAnonymous(task, kind);
}

export function sysMunmap(task: u32): void {
  if (namedMapping(task) == mappingsMax || operand(task, 1) == 0) return fail(task, EINVAL);
  taskAt(task).line = LINE_UNMAP;
}

/** MADV_DONTNEED: the first pages. */
export function sysMadvise(task: u32): void {
  const known = operand(task, 2) == MADV_DONTNEED;
  if (!known || namedMapping(task) == mappingsMax) return fail(task, EINVAL);
  if (operand(task, 1) == 0) return finish(task, 0);
  taskAt(task).line = LINE_UNMAP;
}

/** A child process with a copy of the mapping. */
export function sysFork(task: u32): void {
  if (namedMapping(task) == mappingsMax) return fail(task, EFAULT);
  taskAt(task).line = LINE_UNMAP;
}

/** The guard of UNMAP: nobody is inside of a fault on the mapping, where its pages go or are copied. */
export function unmapCanGo(task: u32): bool {
  return advises(task) || mappingAt(namedMapping(task)).faults == 0;
}
function advises(task: u32): bool {
  return callCode(currentCall(task)) == SYS_MADVISE;
}

/** Empties the entries of the first pages; what a file, shared memory without one too, holds stays there.
 *  Mirrors: mm/madvise.c:madvise_dontneed_single_vma(). */
function dropEntries(mapping: u32, map: Mapping, end: u32): void {
  if (!(map.flags & MAPPING_ANON && map.flags & MAPPING_SHARED)) zap(mapping, map.gone, end);
}

/** Copies the mapping, or unmaps the first pages; with the last one the mapping gives up its description. */
export function stepUnmap(task: u32): void {
  const mapping = namedMapping(task);
  const map = mappingAt(mapping);
  if (map.pages == 0) return finish(task, 0);
  const call = currentCall(task);
  if (callCode(call) == SYS_FORK) {
    forkMapping(mapping, mappingOfCall(call));
    return finish(task, 0);
  }
  const end = min<u32>(pagesFor(operand(task, 1)), map.pages);
  if (advises(task)) {
    dropEntries(mapping, map, end);
    return finish(task, 0);
  }
  zap(mapping, map.gone, end);
  map.gone = <u16>max<u32>(end, map.gone);
  if (map.gone == map.pages) {
    // The mapping's reference becomes the call's, and is dropped with it.
    taskAt(task).fileIn = map.file;
    memory.fill(changetype<usize>(map), 0, offsetof<Mapping>());
  }
  finish(task, 0);
}

export function sysAccess(task: u32): void {
  const loads = callCode(currentCall(task)) == SYS_LOAD;
  const count = loads ? operand(task, 1) : <i64>bufferBytes(<u32>operand(task, 1));
  if (count == 0) return finish(task, 0);
  if (namedMapping(task) == mappingsMax) return fail(task, EFAULT);
  const it = taskAt(task);
  it.want = count;
  it.pos = operand(task, 2);
  it.line = LINE_ACCESS;
}
