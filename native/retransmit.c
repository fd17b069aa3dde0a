// SPDX-License-Identifier: MIT
/*
 * One sequence range of a TCP connection, sent twice: before and after a write to the file that it came from.
 *
 *   retransmit FOLDER
 *
 * Needs /dev/net/tun and the right to make a network namespace: root, or a user namespace. The namespace has one TUN
 * device; behind it this program is the other host: it answers the handshake, and withholds the acknowledgement of
 * the data until TCP has sent it again. Everything is gone when the process is: the file has no name, the device and
 * its namespace belong to no one else.
 *
 * Prints one JSON object: the range, and of each segment when it came, its bytes in runs, its checksum and whether
 * that is valid. Exit status: 0 if two segments came, 3 if something is missing here (why: standard error), 2 else.
 *
 * Not covered: IPv6; segments of several frames, for the device takes the page in one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	MTU = 9000,
	WINDOW = 65535,
	/* The first retransmission comes after 200 ms or more: TCP_RTO_MIN. */
	WAIT_MS = 10000,
	BEFORE = 0x1f,
	AFTER = 0xf0,
	MISSING = 3,
	FAILED = 2,
};

#define OURS "10.111.0.1"
#define THEIRS "10.111.0.2"
#define PORT 4445
#define PEER_SEQ 1000000u

/* A segment with data, as it came out of the device. */
struct segment {
	uint32_t seq;
	uint16_t check;
	int valid;
	long ms;
	int len;
	unsigned char data[MTU];
};

static struct timespec started;

static void give_up(int status, const char *format, ...)
{
	va_list args;
	int error = errno;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, error ? ": %s\n" : "\n", strerror(error));
	exit(status);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - started.tv_sec) * 1000 + (now.tv_nsec - started.tv_nsec) / 1000000;
}

static void write_all(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		give_up(MISSING, "%s", path);
	close(fd);
}

/* A network namespace of our own; who is not root makes a user namespace around it. */
static void own_network(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];

	if (unshare(CLONE_NEWNET) == 0)
		return;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		give_up(MISSING, "a network namespace cannot be made, not even in a user namespace");
	write_all("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_all("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_all("/proc/self/gid_map", map);
}

static struct sockaddr_in address_of(const char *text, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, text, &address.sin_addr);
	return address;
}

static void set_address(int fd, struct ifreq *request, int what, const char *text)
{
	struct sockaddr_in address = address_of(text, 0);

	memcpy(&request->ifr_addr, &address, sizeof(address));
	if (ioctl(fd, what, request))
		give_up(FAILED, "the address of %s", request->ifr_name);
}

/* The device, up: what is sent to THEIRS comes out of its descriptor. */
static int open_device(void)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "splicelab" };
	int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (tun < 0)
		give_up(MISSING, "/dev/net/tun (modprobe tun)");
	if (ioctl(tun, TUNSETIFF, &request))
		give_up(MISSING, "a TUN device cannot be made");
	set_address(fd, &request, SIOCSIFADDR, OURS);
	set_address(fd, &request, SIOCSIFNETMASK, "255.255.255.0");
	request.ifr_mtu = MTU;
	if (ioctl(fd, SIOCSIFMTU, &request))
		give_up(FAILED, "the MTU of %s", request.ifr_name);
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		give_up(FAILED, "%s does not come up", request.ifr_name);
	close(fd);
	return tun;
}

/* The Internet checksum's sum: RFC 1071. */
static uint32_t add_up(uint32_t sum, const void *bytes, int len)
{
	const unsigned char *at = bytes;

	for (; len > 1; at += 2, len -= 2)
		sum += (uint32_t)at[0] << 8 | at[1];
	if (len)
		sum += (uint32_t)at[0] << 8;
	return sum;
}

static uint16_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* The sum of a TCP segment with its pseudo header: 0xffff where the checksum is valid. */
static uint16_t tcp_sum(const struct iphdr *ip, const void *tcp, int len)
{
	uint32_t sum = add_up(0, &ip->saddr, 8);

	return folded(add_up(sum + IPPROTO_TCP + (uint32_t)len, tcp, len));
}

/* What the peer sends: no data, with the option MSS if it is the answer to the SYN. */
struct reply {
	struct iphdr ip;
	struct tcphdr tcp;
	unsigned char mss[4];
};
_Static_assert(sizeof(struct reply) == 44, "no padding");

static void answer(int tun, const struct iphdr *ip, const struct tcphdr *tcp, uint32_t ack)
{
	int len = sizeof(struct tcphdr) + (tcp->syn ? 4 : 0);
	struct reply reply = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP,
			.tot_len = htons((uint16_t)(sizeof(struct iphdr) + len)),
			.saddr = ip->daddr, .daddr = ip->saddr },
		.tcp = { .source = tcp->dest, .dest = tcp->source, .ack = 1, .syn = tcp->syn,
			.seq = htonl(PEER_SEQ + !tcp->syn), .ack_seq = htonl(ack),
			.doff = len / 4, .window = htons(WINDOW) },
		.mss = { TCPOPT_MAXSEG, TCPOLEN_MAXSEG, (MTU - 40) >> 8, (MTU - 40) & 0xff },
	};

	reply.ip.check = htons((uint16_t)~folded(add_up(0, &reply.ip, sizeof(reply.ip))));
	reply.tcp.check = htons((uint16_t)~tcp_sum(&reply.ip, &reply.tcp, len));
	if (write(tun, &reply, sizeof(struct iphdr) + len) < 0)
		give_up(FAILED, "the peer cannot answer");
}

/* The next segment of our connection; a SYN is answered here. Returns whether one with data came in time. */
static int next_segment(int tun, struct segment *segment)
{
	static unsigned char packet[MTU];
	struct pollfd ready = { .fd = tun, .events = POLLIN };

	while (now_ms() < WAIT_MS && poll(&ready, 1, (int)(WAIT_MS - now_ms())) > 0) {
		int len = (int)read(tun, packet, sizeof(packet));
		const struct iphdr *ip = (void *)packet;
		const struct tcphdr *tcp = (void *)(packet + ip->ihl * 4);
		int head = ip->ihl * 4 + tcp->doff * 4;

		/* IPv6 speaks up, too, when a device appears. */
		if (len < 40 || ip->version != 4 || ip->protocol != IPPROTO_TCP || len < head)
			continue;
		if (tcp->syn)
			answer(tun, ip, tcp, ntohl(tcp->seq) + 1);
		if (tcp->syn || len == head)
			return 0;
		segment->seq = ntohl(tcp->seq);
		segment->check = ntohs(tcp->check);
		segment->valid = tcp_sum(ip, tcp, len - ip->ihl * 4) == 0xffff;
		segment->ms = now_ms();
		segment->len = len - head;
		memcpy(segment->data, packet + head, segment->len);
		return 1;
	}
	give_up(FAILED, "nothing came out of the device within %d ms", WAIT_MS);
	return 0;
}

static int connect_to_peer(int tun)
{
	struct sockaddr_in address = address_of(THEIRS, PORT);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	struct segment none;

	if (fd < 0 || (connect(fd, (void *)&address, sizeof(address)) && errno != EINPROGRESS))
		give_up(FAILED, "connect");
	errno = 0;
	while (poll(&ready, 1, 0) == 0)
		next_segment(tun, &none);
	return fd;
}

static int open_file(const char *folder)
{
	unsigned char page[PAGE];
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	memset(page, BEFORE, PAGE);
	if (fd < 0 || pwrite(fd, page, PAGE, 0) != PAGE)
		give_up(MISSING, "a file in %s", folder);
	return fd;
}

/* The bytes as runs of equal ones. */
static void print_segment(const char *name, const struct segment *it)
{
	printf("\"%s\":{\"ms\":%ld,\"seq\":%u,\"checksum\":%u,\"valid\":%s,\"data\":[", name, it->ms, it->seq,
	       it->check, it->valid ? "true" : "false");
	for (int at = 0, end; at < it->len; at = end) {
		for (end = at + 1; end < it->len && it->data[end] == it->data[at]; end++)
			;
		printf("%s{\"byte\":%u,\"lenBytes\":%d}", at ? "," : "", it->data[at], end - at);
	}
	printf("]}");
}

int main(int argc, char **argv)
{
	static struct segment first, again;
	unsigned char page[PAGE];
	off_t from = 0;
	long written;
	int file, tun, fd;

	if (argc != 2) {
		fprintf(stderr, "usage: retransmit FOLDER\n");
		return FAILED;
	}
	file = open_file(argv[1]);
	own_network();
	tun = open_device();
	clock_gettime(CLOCK_MONOTONIC, &started);
	fd = connect_to_peer(tun);
	if (sendfile(fd, file, &from, PAGE) != PAGE)
		give_up(FAILED, "sendfile");
	while (!next_segment(tun, &first))
		;
	memset(page, AFTER, PAGE);
	if (pwrite(file, page, PAGE, 0) != PAGE)
		give_up(FAILED, "pwrite");
	written = now_ms();
	do {
		while (!next_segment(tun, &again))
			;
	} while (again.seq != first.seq);
	printf("{\"writtenMs\":%ld,", written);
	print_segment("first", &first);
	printf(",");
	print_segment("again", &again);
	printf("}\n");
	return 0;
}
