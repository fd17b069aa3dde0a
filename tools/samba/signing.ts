// docs/samba.md on signing: the signature is of what one end of a tee() gives, and the other end is sent.
//
// Interface: SIGNING.

import type { SambaPath } from "./path.js";

export const SIGNING: SambaPath = {
  anchor: "signing",
  name: "Signing",
  text: `The server duplicates its pipe with tee(), reads the one copy, which is what its signature is of, and splices the other one into the socket. It goes wrong where what
is sent, at first or once more, is not what was signed.`,
  cases: [
    {
      scenario: "samba/sign-unordered",
      title: "nobody orders the write",
      text: `*Said*: signing could read the data once through tee() and send the other end of it (Metzmacher, 9 February). *Seen*: tee() takes
references, so the read and the payload are the same pages at two times: under Linux a write between them gives a signature that does
not fit, and so does one between two transmissions of a frag. Under every policy that keeps what was spliced it always fits; a copy at the destination, or pages that are stable
from the send on, come too late for it, and \`cow-nolock\` misses the reference that slips in.`,
    },
    {
      scenario: "samba/sign-returned",
      title: "the write begins when the splice of the payload has returned",
      text: `*Said*: as for reads: the pages are queued, no more (Lutomirski). *Seen*: under Linux the signature is always that of before, and what is sent any mixture. This order keeps writers away from
the time between the read and the send; so here a copy at the destination is enough, and so are pages that are stable from the send on.`,
    },
    {
      scenario: "samba/sign-answered",
      title: "the write begins when the client has received all and answered",
      safe: true,
      text: `*Said*: where the reply has arrived, the pages have left the stack (Torvalds, 10 February). *Seen*: so it is, on the model and, over TCP, on this kernel: what the client has got is what was
signed.`,
    },
    {
      scenario: "samba/sign-acknowledged",
      title: "the write begins when all is acknowledged",
      safe: true,
      text: `*Said*: the data must not change until the acknowledgement, for TCP may have to send again (Laight). *Seen*: behind it nothing is sent again, and every transmission fits the
signature.`,
    },
    {
      scenario: "samba/sign-loopback",
      title: "the write begins when all is acknowledged, by a client on the same machine",
      text: `*Seen*: the acknowledgement comes with the send, as SIOCOUTQ tells, and the client reads the pages later, as they are then; on this kernel, too. The signature is right for the bytes of before. A client
that compares them finds a reply that does not fit, which nobody has forged.`,
    },
    {
      scenario: "samba/sign-failover",
      title: "the client answers on a second connection",
      text: `*Said*: the argument of the answer again. *Seen*: both replies were signed when they were made, and both signatures are of the bytes of before. The one that the client has taken fits; the late one
need not. So a client that compares is not led astray, as it is [without a signature](#read-failover); what it sees on its slow connection looks like an attack.`,
    },
  ],
};
