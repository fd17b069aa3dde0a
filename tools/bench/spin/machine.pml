/* machine.pml - page cache / pipe / socket abstract machine (own work).
 *
 * Included by the scenario files A_seed.pml, B_samba.pml, C_tee.pml, D_reclaim.pml, which only set
 * default parameters. assembly/calibration/ is the same machine, step for step; test/fixtures/spin/counts.json
 * has its exact numbers of states and transitions.
 *
 * The machine. Frames hold content (a tag per cell: 1 at first, 2+j by writer j, 2+W by mmap, 3+W a hole) and
 * count references; the page cache names a frame per page; a frame without references is free and its content
 * gone; an allocation takes the lowest-numbered free frame.
 * - A splicer takes page after page (get: a reference, a private copy, or the page itself, as the policy says,
 *   with the content remembered as expected), appends it to its pipe (push) and, in B and D, moves all buffers
 *   to its socket afterwards (move).
 * - A NIC reads frags in order (transmit), drops the oldest sent one (ack), may read it once more (retransmit).
 *   A pipe reader copies the oldest buffer cell by cell, then drops it (release). tee copies references.
 * - A writer locks a page, breaks sharing (COW policies), writes cell by cell, unlocks, for each page in turn.
 * - File readers, mmap stores, punches and the reclaim daemon (write-back, drop) are there where asked for.
 * Every labelled step is ONE transition (d_step); gotos are not transitions in SPIN. Properties, as assertions:
 * S, what is read from a buffer is what was expected; R, references are holders and free frames are empty; W, a
 * file read sees the last write. A violated assertion does not stop the run (pan -e -c0).
 * Build with  spin -a -o1 -o2 -o3  so that no transition is merged and no dead variable is reset.
 */
#define ZEROCOPY 0   /* today's Linux: splice shares the frame, writes in place */
#define COW      1   /* writer breaks sharing under the page lock; splice waits for the lock */
#define COPY     2   /* splice copies the page into a private frame */
#define STEAL    3   /* splice removes the page from the cache (write-back first if dirty) */
#define COWRACE  4   /* COW, but splice does NOT wait for the page lock (buggy fix) */
#define COWFLAG  5   /* COW decided by a per-frame shared flag instead of ref>1 */

#ifndef POLICY
#define POLICY ZEROCOPY
#endif
#ifndef K            /* splicers, each with its own pipe (and own socket) */
#define K 1
#endif
#ifndef W            /* writers, each pwrites pages 0..N-1 in order */
#define W 1
#endif
#ifndef N            /* pages in the file = pages per splice = pages per pwrite */
#define N 2
#endif
#ifndef SINK         /* 0 pipe reader, 1 socket+NIC, 2 tee fan-out to FAN pipe readers */
#define SINK 0
#endif
#ifndef FAN
#define FAN 2
#endif
#ifndef FR           /* file readers (pread pages 0..N-1 in order) */
#define FR 0
#endif
#ifndef MM           /* mmap stores: one process storing to pages 0..MM-1 (bypasses lock and COW) */
#define MM 0
#endif
#ifndef TR           /* truncate/punch: one process punching pages 0..TR-1 */
#define TR 0
#endif
#ifndef RECLAIM      /* 1: reclaim daemon (write-back and drop), unbounded */
#define RECLAIM 0
#endif
#ifndef RETX         /* 1: NIC may retransmit the oldest unacked frag, once per frag */
#define RETX 0
#endif
#ifndef RING
#define RING N
#endif
#ifndef SQ
#define SQ N
#endif
#ifndef CELLS
#define CELLS 1
#endif
#ifndef LOG          /* 1: consumers' received bytes are part of the state */
#define LOG 1
#endif
#ifndef CHECKR       /* 1: check refcount conservation after every step */
#define CHECKR 1
#endif

#if SINK==2
#define NPIPE (1+FAN)
#define NCONS FAN
#define MAXBUF ((1+FAN)*N)
#else
#define NPIPE K
#define NCONS K
#define MAXBUF (K*N)
#endif
#ifndef NF           /* frames; default never runs out */
#define NF (N+MAXBUF)
#endif

#define ISCOW   (POLICY==COW || POLICY==COWRACE || POLICY==COWFLAG)
#define SPLOCK  (POLICY==COW || POLICY==STEAL || POLICY==COWFLAG)
#define CANMISS (POLICY==STEAL || RECLAIM || TR)

/* tags: 0 = free/poison, 1 = initial content, 2+j = writer j, 2+W = mmap, 3+W = hole */

/* ------------------------------- state ------------------------------- */
/* frames are 1..NF; index 0 = "none", its entries stay constant */
#if   N==1
byte cache[N] = {1};
byte ref[NF+1] = {0,1,0};
#elif N==2
byte cache[N] = {1,2};
byte ref[NF+1] = {0,1,1,0};
#elif N==3
byte cache[N] = {1,2,3};
byte ref[NF+1] = {0,1,1,1,0};
#else
byte cache[N] = {1,2,3,4};
byte ref[NF+1] = {0,1,1,1,1,0};
#endif
#if CELLS==1
# if   N==1
byte tag[NF+1] = {0,1,0};
# elif N==2
byte tag[NF+1] = {0,1,1,0};
# elif N==3
byte tag[NF+1] = {0,1,1,1,0};
# else
byte tag[NF+1] = {0,1,1,1,1,0};
# endif
#else
# if   N==1
byte tag[(NF+1)*CELLS] = {0,0,1,1,0};
# elif N==2
byte tag[(NF+1)*CELLS] = {0,0,1,1,1,1,0};
# else
byte tag[(NF+1)*CELLS] = {0,0,1,1,1,1,1,1,0};
# endif
#endif
#if POLICY==COWFLAG
bool shr[NF+1];
#endif
bool lock[N];
#if FR
byte file[N*CELLS] = 1;          /* ghost: last completed write, per cell */
#endif
#if CANMISS
byte disk[N*CELLS] = 1;
bool dirty[N];
#endif
byte pn[NPIPE];                  /* pipe fill */
byte pf[NPIPE*RING];             /* pipe buffer -> frame, index 0 = oldest */
byte pe[NPIPE*RING*CELLS];       /* ghost: content expected (snapshot at splice) */
byte hold[K];                    /* frame reference held by splicer between get and push */
byte he[K*CELLS];                /* ghost: its snapshot */
#if SINK==1
byte sn[K];                      /* socket queue: frags queued, oldest first */
byte ss[K];                      /* first ss of them have been transmitted */
byte sk[K];                      /* acked so far */
byte sf[K*SQ];
byte se[K*SQ*CELLS];
# if RETX
bool rx[K];                      /* oldest frag already retransmitted */
# endif
#endif
#if LOG
byte rlog[NCONS*N*CELLS];        /* bytes received by the consumers */
# if FR
byte flog[FR*N*CELLS];
# endif
#endif

/* scratch (not in the state vector) */
#ifdef NOHIDE        /* for pan modes that refuse hidden variables (-DNCORE, -DBFS): needs CHECKR=0; zeroed by chk() */
byte f_, g_, c_, i_, q_;
#else
hidden byte f_, g_, c_, i_, q_, cnt_[NF+1];
#endif

/* --------------------------- sub-operations --------------------------- */
#if CELLS==1
#define CPY(d,di,s,si)  d[di] = s[si]
#define SET(d,di,v)     d[di] = v
#else
#define CPY(d,di,s,si)  c_=0; do :: c_<CELLS -> d[(di)*CELLS+c_] = s[(si)*CELLS+c_]; c_++ :: else -> break od
#define SET(d,di,v)     c_=0; do :: c_<CELLS -> d[(di)*CELLS+c_] = v; c_++ :: else -> break od
#endif

inline put(f)        /* drop one reference; a frame that becomes free is poisoned */
{
  assert(ref[f] > 0);
  ref[f] = ref[f]-1;
  if
  :: ref[f]==0 -> SET(tag,f,0)
  :: else
  fi;
#if POLICY==COWFLAG
  if
  :: ref[f]<=1 -> shr[f] = 0
  :: else
  fi
#endif
}

inline alloc()       /* lowest-numbered free frame -> f_ , ref 1 */
{
  f_ = 1;
  do
  :: f_<=NF && ref[f_]!=0 -> f_++
  :: else -> break
  od;
  assert(f_<=NF);
  ref[f_] = 1
}

#if CHECKR
inline chk()         /* (R) every frame's refcount = number of holders; free <=> poisoned */
{
  i_ = 0; do :: i_<=NF -> cnt_[i_]=0; i_++ :: else -> break od;
  i_ = 0; do :: i_<N -> cnt_[cache[i_]]++; i_++ :: else -> break od;
  i_ = 0; do :: i_<NPIPE*RING -> cnt_[pf[i_]]++; i_++ :: else -> break od;
  i_ = 0; do :: i_<K -> cnt_[hold[i_]]++; i_++ :: else -> break od;
#if SINK==1
  i_ = 0; do :: i_<K*SQ -> cnt_[sf[i_]]++; i_++ :: else -> break od;
#endif
  i_ = 1; do :: i_<=NF -> assert(cnt_[i_]==ref[i_] && ((ref[i_]==0) == (tag[i_*CELLS]==0))); i_++ :: else -> break od;
  skip
}
#else
# ifdef NOHIDE
inline chk() { f_ = 0; g_ = 0; c_ = 0; i_ = 0; q_ = 0 }
# else
#define chk() skip
# endif
#endif

#if CANMISS
inline fault(p)      /* read page p back from disk */
{
  alloc(); CPY(tag,f_,disk,p); cache[p] = f_; dirty[p] = 0
}
#define PRESENT(p) (cache[p]!=0)
#else
#define PRESENT(p) true
#endif

#if SPLOCK
#define SPCAN(p) (!lock[p])
#else
#define SPCAN(p) true
#endif
#if CANMISS
#define MARKDIRTY(p) dirty[p] = 1
#else
#define MARKDIRTY(p) skip
#endif

inline take(p,me)    /* splice step "get": reference or copy or steal page p; snapshot */
{
  f_ = cache[p];
  CPY(he,me,tag,f_);
#if POLICY==COPY
  g_ = f_; alloc(); CPY(tag,f_,tag,g_)
#elif POLICY==STEAL
  if
  :: dirty[p] -> CPY(disk,p,tag,f_); dirty[p] = 0
  :: else
  fi;
  cache[p] = 0
#else
  assert(ref[f_]>0);
  ref[f_]++
#if POLICY==COWFLAG
  ; shr[f_] = 1
#endif
#endif
  ; hold[me] = f_
}

inline pushheld(me)
{
  q_ = me*RING + pn[me];
  pf[q_] = hold[me]; CPY(pe,q_,he,me);
  pn[me]++;
  hold[me] = 0; SET(he,me,0)
}

inline pop(q)        /* remove the oldest buffer of pipe q (reference not touched) */
{
  i_ = q*RING;
  do
  :: i_ < q*RING+pn[q]-1 -> pf[i_] = pf[i_+1]; CPY(pe,i_,pe,i_+1); i_++
  :: else -> break
  od;
  pf[i_] = 0; SET(pe,i_,0);
  pn[q]--
}

inline cowbreak(p)   /* writer's COW step, under the page lock */
{
  g_ = cache[p];
  if
#if POLICY==COWFLAG
  :: shr[g_] ->
#else
  :: ref[g_]>1 ->
#endif
     alloc(); CPY(tag,f_,tag,g_); cache[p] = f_; put(g_)
  :: else
  fi
}

/* ------------------------------ processes ------------------------------ */

/* pids: splicers 0..K-1, then NICs or pipe readers, tee, writers, others */

active [K] proctype splicer()
{
  byte p = 0;                        /* 0..N-1: splice page p in; N..2N-1: move buffer p-N out */
end_get:
  if
#if CANMISS
  :: d_step { p<N && cache[p]==0 -> fault(p); chk() }; goto end_get
#endif
  :: d_step { p<N && PRESENT(p) && SPCAN(p) && pn[_pid]<RING -> take(p,_pid); chk() }
#if SINK==1
  :: d_step { p>=N && p<2*N && pn[_pid]>0 && sn[_pid]<SQ ->
       q_ = _pid*SQ + sn[_pid];
       sf[q_] = pf[_pid*RING]; CPY(se,q_,pe,_pid*RING);
       sn[_pid]++;
       pop(_pid);
       p++; chk() }; goto end_get
#endif
  fi;
  d_step { pn[_pid]<RING -> pushheld(_pid); p++; chk() }; goto end_get
}

#if SINK==1
#define NM (_pid-K)
active [K] proctype nic()
{
end_nic:
  if
  :: d_step { ss[NM]<sn[NM] ->                      /* transmit oldest unsent frag */
       f_ = sf[NM*SQ+ss[NM]];
       assert(ref[f_]>0);
       i_ = 0; do :: i_<CELLS -> assert(tag[f_*CELLS+i_]==se[(NM*SQ+ss[NM])*CELLS+i_]); i_++ :: else -> break od; /* (S) */
#if LOG
       CPY(rlog,NM*N+sk[NM]+ss[NM],tag,f_);
#endif
       ss[NM]++; chk() }
  :: d_step { ss[NM]>0 ->                           /* ack of the oldest sent frag */
       f_ = sf[NM*SQ]; put(f_);
       i_ = NM*SQ;
       do
       :: i_ < NM*SQ+sn[NM]-1 -> sf[i_] = sf[i_+1]; CPY(se,i_,se,i_+1); i_++
       :: else -> break
       od;
       sf[i_] = 0; SET(se,i_,0);
       sn[NM]--; ss[NM]--; sk[NM]++;
#if RETX
       rx[NM] = 0;
#endif
       chk() }
#if RETX
  :: d_step { ss[NM]>0 && !rx[NM] ->                /* retransmit the oldest unacked frag */
       f_ = sf[NM*SQ];
       assert(ref[f_]>0);
       i_ = 0; do :: i_<CELLS -> assert(tag[f_*CELLS+i_]==se[NM*SQ*CELLS+i_]); i_++ :: else -> break od; /* (S) */
#if LOG
       CPY(rlog,NM*N+sk[NM],tag,f_);
#endif
       rx[NM] = 1; chk() }
#endif
  fi;
  goto end_nic
}
#else
/* pipe readers: reader r reads pipe r (SINK 0) or pipe r+1 (SINK 2) */
#define RM (_pid-K)
#if SINK==2
#define RQ (_pid-K+1)
#else
#define RQ (_pid-K)
#endif
active [NCONS] proctype reader()
{
  byte r = 0;                        /* buffers consumed */
  byte c = 0;                        /* cell within the buffer = pipe_buffer.offset */
end_rd:
  if
  :: d_step { pn[RQ]>0 && c<CELLS ->                /* copy one cell to the log */
       f_ = pf[RQ*RING];
       assert(ref[f_]>0);
       assert(tag[f_*CELLS+c]==pe[RQ*RING*CELLS+c]);          /* (S) */
#if LOG
       rlog[(RM*N+r)*CELLS+c] = tag[f_*CELLS+c];
#endif
       c++; chk() }
  :: d_step { c==CELLS ->                           /* release the buffer */
       f_ = pf[RQ*RING]; pop(RQ); put(f_); c = 0; r++; chk() }
  fi;
  goto end_rd
}
#endif

#if SINK==2
active proctype teer()               /* tee head of pipe 0 to pipes 1..FAN-1, then move it to pipe FAN */
{
  byte m = 1;
end_tee:
  if
  :: d_step { m<FAN && pn[0]>0 && pn[m]<RING ->
       f_ = pf[0]; assert(ref[f_]>0);
       ref[f_]++;
#if POLICY==COWFLAG
       shr[f_] = 1;
#endif
       q_ = m*RING+pn[m]; pf[q_] = f_; CPY(pe,q_,pe,0);
       pn[m]++; m++; chk() }
  :: d_step { m==FAN && pn[0]>0 && pn[FAN]<RING ->
       q_ = FAN*RING+pn[FAN]; pf[q_] = pf[0]; CPY(pe,q_,pe,0);
       pn[FAN]++;
       pop(0); m = 1; chk() }
  fi;
  goto end_tee
}
#define BW (K+FAN+1)
#elif SINK==1
#define BW (2*K)
#else
#define BW (2*K)
#endif

#define WTAG (2+_pid-BW)

#if W
active [W] proctype writer()
{
  byte p = 0;
#if CELLS>1
  byte c = 0;
#endif
end_wr:
  if
#if CANMISS
  :: d_step { p<N && cache[p]==0 -> fault(p); chk() }; goto end_wr
#endif
  :: d_step { p<N && PRESENT(p) && !lock[p] -> lock[p] = 1; chk() }
  fi;
#if ISCOW
  d_step { cowbreak(p); chk() };
#endif
#if CELLS==1
  d_step { f_ = cache[p]; assert(ref[f_]>0); tag[f_] = WTAG;
#if FR
           file[p] = WTAG;
#endif
           MARKDIRTY(p); chk() };
  d_step { lock[p] = 0; p++; chk() };
#else
wcell:
  if
  :: d_step { c<CELLS -> f_ = cache[p]; assert(ref[f_]>0); tag[f_*CELLS+c] = WTAG;
#if FR
           file[p*CELLS+c] = WTAG;
#endif
           MARKDIRTY(p); c++; chk() }; goto wcell
  :: d_step { c==CELLS -> c = 0; lock[p] = 0; p++; chk() }
  fi;
#endif
  goto end_wr
}
#endif

#if FR
#define FM (_pid-BW-W)
active [FR] proctype filereader()
{
  byte p = 0;
end_fr:
  if
#if CANMISS
  :: d_step { p<N && cache[p]==0 -> fault(p); chk() }; goto end_fr
#endif
  :: d_step { p<N && PRESENT(p) ->
       f_ = cache[p]; assert(ref[f_]>0);
       i_ = 0; do :: i_<CELLS -> assert(tag[f_*CELLS+i_]==file[p*CELLS+i_]); i_++ :: else -> break od; /* (W) */
#if LOG
       CPY(flog,FM*N+p,tag,f_);
#endif
       p++; chk() }; goto end_fr
  fi
}
#endif

#if MM
active proctype mmapper()            /* store through a shared mapping: no lock, no COW */
{
  byte p = 0;
end_mm:
  if
#if CANMISS
  :: d_step { p<MM && cache[p]==0 -> fault(p); chk() }; goto end_mm
#endif
  :: d_step { p<MM && PRESENT(p) ->
       f_ = cache[p]; assert(ref[f_]>0); SET(tag,f_,2+W);
#if FR
       SET(file,p,2+W);
#endif
       MARKDIRTY(p); p++; chk() }; goto end_mm
  fi
}
#endif

#if TR
active proctype truncer()            /* punch pages 0..TR-1: slot dropped, page reads back as hole */
{
  byte p = 0;
end_tr:
  if
  :: d_step { p<TR && !lock[p] ->
       f_ = cache[p];
       if
       :: f_!=0 -> cache[p] = 0; put(f_)
       :: else
       fi;
       SET(disk,p,3+W); dirty[p] = 0;
#if FR
       SET(file,p,3+W);
#endif
       p++; chk() }; goto end_tr
  fi
}
#endif

#if RECLAIM
#define WB(p) \
  :: d_step { cache[p]!=0 && dirty[p] && !lock[p] -> f_ = cache[p]; CPY(disk,p,tag,f_); dirty[p] = 0; chk() }
#define DROP(p) \
  :: d_step { cache[p]!=0 && !dirty[p] && !lock[p] && ref[cache[p]]==1 -> f_ = cache[p]; cache[p] = 0; put(f_); chk() }
active proctype reclaimd()
{
end_rc:
  if
  WB(0)
  DROP(0)
#if N>1
  WB(1)
  DROP(1)
#endif
#if N>2
  WB(2)
  DROP(2)
#endif
  fi;
  goto end_rc
}
#endif
