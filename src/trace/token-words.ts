// What nearly every scenario contains, so that a token need not: the preset dictionary of sl1 tokens.
//
// Interface: TOKEN_DICTIONARY. Law: part of the format sl1; a change would make old tokens unreadable.
// The most frequent stand last: deflate points at near things with fewer bits.

/** Text that deflate may point back into. */
export const TOKEN_DICTIONARY = `vmsplice(sendfile(ioctl(p.r, FIONREAD) = 0
fcntl(p.w, F_SETPIPE_SZ, 65536) = 65536
fcntl(p.r, F_GETPIPE_SZ)
poll(p.r, POLLIN|POLLOUT, 0) = 1
lseek(f, 0, SEEK_SET) = 0
lseek(f, 0, SEEK_END)SEEK_CUR
O_RDONLY|O_WRONLY|O_APPEND|O_TRUNC|O_CREAT|O_EXCL|O_NONBLOCK|O_DIRECT|O_CLOEXEC
pipe2(q, 0) = 0
 = -1 EAGAIN = -1 EBADF = -1 EINVAL = -1 EPIPE
filter ~exists locations [
folio order 1
hex "00" "text"
fd = open(".", O_RDWR|O_TMPFILE, 0600) = 3
dup(fd) = 4
tee(p.r, q.w, 4096, SPLICE_F_NONBLOCK) = 4096
ftruncate(f, 2048) = 0
write(p.w, 0x41 * 4096) = 4096
pread(f, 4096, 0) = 4096
exists (snapshot)
6.18/tmpfs copy linux
close(p.w) = 0
splice(p.r, NULL, f, NULL, 4096, 0) = 4096
6.18/ext4 cow
litmus mail-ordered
"A write to the file after splice() has returned changes what the reader of the pipe gets."

file f = hole 4096, 0x1f * 4096
file g = 0x00 * 4096
pipe p
pipe q

thread client {
  s: splice(f, 0, p.w, NULL, 8192, 0) = 8192
  a = read(p.r, 4096) = 4096
  b = read(p.r, 4096)
}
thread writer {
  after client:s
  pwrite(f, 0xf0 * 4096, 0) = 4096
  pwrite(f, 0xf0 * 4096, 4096)
}
thread reader {
  c = read(p.r, 8192)
}

forall (client:a = 0x00 * 4096 /\\ client:b = 0x1f * 4096)
forall snapshot
`;
