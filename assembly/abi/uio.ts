// Flags of preadv2(2) and pwritev2(2). Mirrors: include/uapi/linux/fs.h.

export const RWF_HIPRI = 0x1;
export const RWF_DSYNC = 0x2;
export const RWF_SYNC = 0x4;
export const RWF_NOWAIT = 0x8;
export const RWF_APPEND = 0x10;
export const RWF_NOAPPEND = 0x20;
export const RWF_ATOMIC = 0x40;
export const RWF_DONTCACHE = 0x80;
export const RWF_NOSIGNAL = 0x100;
/** All of them. */
export const RWF_SUPPORTED = 0x1ff;
