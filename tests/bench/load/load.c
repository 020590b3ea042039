/* The load of the media benches: publishers, subscribers that decrypt and answer, and a bare forwarder to compare with.

   Built on demand into the build folder (see __init__.py).  Encryption is libsrtp's, called through the pointers that
   Python hands over, so this file contains none.  Subscribers read without UDP_GRO, verify every Nth packet, send
   transport-wide feedback every 100 ms and a receiver report every second, and ask again for one packet in 200. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SO_MEMINFO 55
#define UDP_SEGMENT 103
#define BATCH 64
#define ROOM 2048
#define HEADER 28          /* RTP header and one extension block: mid, transport-wide number, send time */
#define HEAD 13            /* VP8 descriptor, first byte of the frame, time of departure */
#define WINDOW 4096        /* transport-wide numbers remembered a subscriber between two feedbacks */
#define STATUSES 400
#define ASKED 128
#define WAY 328            /* 5 ms there and back, in 1/65536 s; a forwarder may do nothing for less than one */

typedef int (*srtp_fn)(void *, void *, int *);

typedef struct {
    int fd;
    void *seal;
    uint32_t ssrc;
    double fps;            /* frames a second; packets of each: `full` of `size` bytes and one of `rest` */
    int full, size, rest, vary;
    double next;
    uint16_t sequence, picture;
    uint32_t frame;
    int want;              /* somebody asked for a key frame */
    int asked, most;       /* how often in all, and at most within half a second */
    double asks[8];
} Publisher;

typedef struct {
    int fd;
    void *open, *seal;
    uint32_t ssrc;
    int count;
    uint16_t numbers[WINDOW];
    int64_t times[WINDOW];
    uint8_t feedback_count;
    int asked;
    uint32_t asked_ssrc[ASKED];
    uint16_t asked_sequence[ASKED];
    double feedback_at, report_at;
    double first;          /* when the first media came; 0: not yet */
    int publisher;         /* the one at the same socket; -1: none */
    uint32_t media;        /* the SSRC and the number of the last media packet */
    uint16_t sequence;
} Subscriber;

typedef struct {
    srtp_fn protect, unprotect, protect_rtcp, unprotect_rtcp;
    volatile int stop, pause, keyframes;
    int publishers, subscribers;
    Publisher *publisher;
    Subscriber *subscriber;
    int payload_type, mid_id, transport_id, time_id;
    int saturate_fd;       /* the forwarder's socket, whose queue is kept part-full; -1: the publishers' own pace */
    int verify_every, feedback;
    volatile long sent, received, repeated, samples, bad, latencies, unsent;
    long latency_room;
    double *latency;       /* seconds from departure to arrival, of verified packets */
    int compound;          /* a report block before all feedback (RFC 3550 6.1), not reduced size (RFC 5506) */
} Load;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void rest(double seconds)
{
    struct timespec t = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    if (seconds > 0) nanosleep(&t, 0);
}

static void put16(uint8_t *at, unsigned value) { at[0] = value >> 8; at[1] = value; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16); put16(at + 2, value); }
static uint32_t get16(const uint8_t *at) { return at[0] << 8 | at[1]; }
static uint32_t get32(const uint8_t *at) { return get16(at) << 16 | get16(at + 2); }

/* -- publishers ------------------------------------------------------------------------------------------------- */

static int compose(const Load *load, Publisher *p, uint8_t *to, int key, int first, int last, int size)
{
    int head = HEADER, body = size > HEAD ? size : HEAD, length;
    double at = now();
    memset(to, 0, HEADER);
    to[0] = 0x90;
    to[1] = load->payload_type | (last ? 0x80 : 0);
    put16(to + 2, ++p->sequence);
    put32(to + 4, p->frame * 3000);
    put32(to + 8, p->ssrc);
    put16(to + 12, 0xBEDE);
    put16(to + 14, 3);
    to[16] = load->mid_id << 4;          /* one byte: the mid "1" */
    to[17] = '1';
    to[18] = load->transport_id << 4 | 1;
    put16(to + 19, p->sequence);
    to[21] = load->time_id << 4 | 2;
    to[head] = first ? 0x90 : 0x80;
    to[head + 1] = 0x80;
    put16(to + head + 2, 0x8000 | (p->picture & 0x7FFF));
    to[head + 4] = key ? 0 : 1;
    memcpy(to + head + 5, &at, sizeof at);
    for (int i = HEAD; i < body; i++) to[head + i] = (uint8_t)i;
    length = head + body;
    return load->protect(p->seal, to, &length) ? 0 : length;
}

static int frame(const Load *load, Publisher *p, uint8_t (*out)[ROOM], struct mmsghdr *messages, struct iovec *parts)
{
    int full = p->vary ? 2 + random() % 5 : p->full, count = full + (p->vary || p->rest > 0), n = 0;
    int tail = p->vary ? 200 + random() % 600 : p->rest, key = load->keyframes || p->want;
    p->want = 0;
    for (int i = 0; i < count; i++) {
        int size = compose(load, p, out[i], key, i == 0, i == count - 1, i < full ? p->size : tail);
        if (!size) continue;
        parts[n].iov_base = out[i];
        parts[n].iov_len = size;
        messages[n].msg_hdr.msg_iov = &parts[n];
        messages[n].msg_hdr.msg_iovlen = 1;
        n++;
    }
    p->picture++;
    p->frame++;
    return n;
}

static int queue_is_full(int fd)
{
    uint32_t memory[16] = {0};
    socklen_t size = sizeof memory;
    getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &size);
    return memory[0] > memory[1] / 16;
}

/* A subscriber that cannot follow would be a jam of the path, and rightly be sent less. */
static int anybody_is_full(const Load *load)
{
    if (queue_is_full(load->saturate_fd)) return 1;
    for (int i = 0; i < load->subscribers; i++)
        if (queue_is_full(load->subscriber[i].fd)) return 1;
    return 0;
}

/* Until `stop`: everybody's frames when they are due, or as many as keep a few batches in the forwarder's queue. */
void load_generate(Load *load)
{
    static __thread uint8_t out[BATCH][ROOM];   /* there may be several loads at once */
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    int was_paused = 1;
    memset(messages, 0, sizeof messages);
    while (!load->stop) {
        double t = now(), due = t + 0.01;   /* somebody may begin meanwhile */
        if (load->pause) { was_paused = 1; rest(0.001); continue; }
        if (was_paused) {
            for (int i = 0; i < load->publishers; i++)
                if (load->publisher[i].fps > 0)
                    load->publisher[i].next = t + (random() % 100000) / 1e5 / load->publisher[i].fps;
            was_paused = 0;
        }
        if (load->saturate_fd >= 0 && anybody_is_full(load)) { rest(50e-6); continue; }
        for (int i = 0; i < load->publishers; i++) {
            Publisher *p = &load->publisher[i];
            if (load->saturate_fd < 0) {
                if (p->fps <= 0) continue;
                if (p->next > t) { if (p->next < due) due = p->next; continue; }
                p->next += 1 / p->fps;
                if (p->next < due) due = p->next;
            }
            int n = frame(load, p, out, messages, parts), r = n ? sendmmsg(p->fd, messages, n, 0) : 0;
            load->sent += r > 0 ? r : 0;
            load->unsent += n - (r > 0 ? r : 0);
        }
        if (load->saturate_fd < 0) rest(due - now());
    }
}

/* -- subscribers ------------------------------------------------------------------------------------------------ */

static void verify(Load *load, Subscriber *s, const uint8_t *data, int size, double at)
{
    uint8_t copy[ROOM];
    int length = size, head, good;
    double departed;
    memcpy(copy, data, size);
    load->samples++;
    if (load->unprotect(s->open, copy, &length)) { load->bad++; return; }
    head = 12 + (copy[0] & 15) * 4;
    if (copy[0] & 0x10) head += 4 + 4 * (int)get16(copy + head + 2);
    good = length - head >= HEAD;
    for (int i = HEAD; good && i < length - head; i++) good = copy[head + i] == (uint8_t)i;
    if (!good) { load->bad++; return; }
    memcpy(&departed, copy + head + 5, sizeof departed);
    if (load->latencies < load->latency_room) load->latency[load->latencies++] = at - departed;
}

static void note(Load *load, Subscriber *s, const uint8_t *data, int size, int64_t at)
{
    int head = 12 + (data[0] & 15) * 4, end, number = -1;
    if (!(data[0] & 0x10) || head + 4 > size || get16(data + head) != 0xBEDE) return;
    end = head + 4 + 4 * (int)get16(data + head + 2);
    for (int i = head + 4; i < end && end <= size;) {
        if (!data[i]) { i++; continue; }
        if (data[i] >> 4 == load->transport_id) number = get16(data + i + 1);
        i += 2 + (data[i] & 15);
    }
    if (number < 0) return;
    if (s->count < WINDOW) {
        s->numbers[s->count] = number;
        s->times[s->count++] = at;
    }
    if (random() % 200 == 0 && s->asked < ASKED) {
        s->asked_ssrc[s->asked] = get32(data + 8);
        s->asked_sequence[s->asked++] = get16(data + 2);
    }
}

static void say(Load *load, Subscriber *s, uint8_t *packet, int size)
{
    if (load->compound) {
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        uint64_t ntp = (uint64_t)(t.tv_sec + 2208988800LL) << 16 | (uint64_t)t.tv_nsec * 65536 / 1000000000;
        memmove(packet + 32, packet, size);
        memset(packet, 0, 32);
        packet[0] = 0x81;
        packet[1] = 201;
        put16(packet + 2, 7);
        put32(packet + 4, s->ssrc);
        put32(packet + 8, s->media);
        put32(packet + 16, s->sequence);
        put32(packet + 24, (uint32_t)ntp - WAY);   /* the sender's report, as if it had been answered at once */
        put32(packet + 28, 1);
        size += 32;
    }
    if (!load->protect_rtcp(s->seal, packet, &size)) send(s->fd, packet, size, MSG_DONTWAIT);
}

/* draft-holmer-rmcat-transport-wide-cc-extensions-01, for numbers that came in order; late ones go unreported. */
static void tell(Load *load, Subscriber *s)
{
    for (int from = 0; from < s->count;) {
        uint8_t packet[ROOM] = {0}, *chunk = packet + 20, deltas[2 * STATUSES];
        int ticks[STATUSES], count = 0, used = 0, large = 0, i = from, width;
        int64_t clock = s->times[from] / 250000 & ~255LL, reference = clock >> 8, at = clock;
        uint16_t base = s->numbers[from];
        for (; i < s->count; i++) {
            int place = (uint16_t)(s->numbers[i] - base);
            if (place >= 0x8000 || (i > from && place < count)) continue;
            if (place >= STATUSES) break;
            while (count < place) ticks[count++] = -1;
            int64_t t = s->times[i] / 250000;
            ticks[count++] = t > at ? (int)(t - at) : 0;
            if (ticks[count - 1] > 255) large = 1;
            at = t > at ? t : at;
        }
        from = i > from ? i : from + 1;
        width = large ? 7 : 14;
        for (int j = 0; j < count; j += width) {
            unsigned bits = large ? 0xC000 : 0x8000;
            for (int k = 0; k < width; k++) {
                int tick = j + k < count ? ticks[j + k] : -1;
                if (large) bits |= (tick < 0 ? 0 : tick > 255 ? 2 : 1) << (12 - 2 * k);
                else bits |= (tick >= 0) << (13 - k);
                if (tick < 0) continue;
                if (tick > 255) { put16(deltas + used, tick); used += 2; } else deltas[used++] = tick;
            }
            put16(chunk, bits);
            chunk += 2;
        }
        memcpy(chunk, deltas, used);
        int size = (int)(chunk - packet) + used;
        while (size & 3) packet[size++] = 0;
        packet[0] = 0x8F;
        packet[1] = 205;
        put16(packet + 2, size / 4 - 1);
        put32(packet + 4, s->ssrc);
        put32(packet + 8, 0);
        put16(packet + 12, base);
        put16(packet + 14, count);
        put32(packet + 16, (uint32_t)(reference & 0xFFFFFF) << 8 | s->feedback_count++);
        say(load, s, packet, size);
    }
    s->count = 0;
}

static void ask(Load *load, Subscriber *s)
{
    uint8_t packet[ROOM];
    int size = 0;
    for (int i = 0; i < s->asked && size < 1200; i++, size += 16) {
        packet[size] = 0x81;
        packet[size + 1] = 205;
        put16(packet + size + 2, 3);
        put32(packet + size + 4, s->ssrc);
        put32(packet + size + 8, s->asked_ssrc[i]);
        put16(packet + size + 12, s->asked_sequence[i]);
        put16(packet + size + 14, 0);
    }
    if (size) say(load, s, packet, size);
    s->asked = 0;
}

static void report(Load *load, Subscriber *s)
{
    uint8_t packet[ROOM] = {0x80, 201, 0, 1};
    put32(packet + 4, s->ssrc);
    say(load, s, packet, load->compound ? 0 : 8);
}

static void answer(Load *load)
{
    double t = now();
    for (int i = 0; i < load->subscribers; i++) {
        Subscriber *s = &load->subscriber[i];
        if (t >= s->feedback_at) {
            s->feedback_at = t + 0.1 + (random() % 100) * 1e-5;
            tell(load, s);
            ask(load, s);
        }
        if (t >= s->report_at) { s->report_at = t + 1; report(load, s); }
    }
}

/* Requests for key frames (RFC 4585 6.3.1), and how many came within half a second, but for 50 ms of delivery. */
static void hear(Load *load, Subscriber *s, const uint8_t *data, int size, double at)
{
    uint8_t copy[ROOM];
    Publisher *p = &load->publisher[s->publisher];
    memcpy(copy, data, size);
    if (load->unprotect_rtcp(s->open, copy, &size)) return;
    for (int i = 0; i + 12 <= size; i += 4 + 4 * (int)get16(copy + i + 2)) {
        int within = 0;
        if ((copy[i] & 31) != 1 || copy[i + 1] != 206 || get32(copy + i + 8) != p->ssrc) continue;
        p->want = 1;
        p->asks[p->asked++ % 8] = at;
        for (int j = 0; j < 8; j++) within += p->asks[j] > at - 0.45;
        if (within > p->most) p->most = within;
    }
}

/* When the packet reached this machine, by the kernel: that its reader was busy is no queue on the path. */
static int64_t came(struct msghdr *message)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    struct timespec t;
    if (!c || c->cmsg_type != SCM_TIMESTAMPNS) return (int64_t)(now() * 1e9);
    memcpy(&t, CMSG_DATA(c), sizeof t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static double realtime_ahead(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec + t.tv_nsec * 1e-9 - now();
}

/* Until `stop`: reads what comes for the subscribers, as it comes. */
void load_receive(Load *load)
{
    static __thread uint8_t in[BATCH][ROOM];
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    struct epoll_event ready[256];
    static __thread char control[BATCH][CMSG_SPACE(sizeof(struct timespec))];
    int poll = epoll_create1(0), on = 1;
    double answer_at = 0;
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){in[i], ROOM};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    for (int i = 0; i < load->subscribers; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        load->subscriber[i].feedback_at = now() + (random() % 1000) * 1e-4;
        setsockopt(load->subscriber[i].fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
        epoll_ctl(poll, EPOLL_CTL_ADD, load->subscriber[i].fd, &event);
    }
    while (!load->stop) {
        int woken = epoll_wait(poll, ready, 256, 5);
        for (int j = 0; j < woken; j++) {
            Subscriber *s = &load->subscriber[ready[j].data.u32];
            for (int i = 0; i < BATCH; i++) {
                messages[i].msg_hdr.msg_control = control[i];
                messages[i].msg_hdr.msg_controllen = sizeof control[i];
            }
            int n = recvmmsg(s->fd, messages, BATCH, MSG_DONTWAIT, 0);
            double at = now();
            for (int i = 0; i < n; i++) {
                int size = messages[i].msg_len;
                if (size < 12 || (in[i][0] & 0xC0) != 0x80) continue;
                if (in[i][1] >= 192 && in[i][1] < 224) {
                    if (s->publisher >= 0) hear(load, s, in[i], size, at);
                    continue;
                }
                if (s->first == 0) s->first = at;
                if (load->feedback) note(load, s, in[i], size, came(&messages[i].msg_hdr));
                if ((in[i][1] & 0x7F) != load->payload_type) { load->repeated++; continue; }
                s->media = get32(in[i] + 8);
                s->sequence = get16(in[i] + 2);
                if (load->received++ % load->verify_every == 0)
                    verify(load, s, in[i], size, came(&messages[i].msg_hdr) * 1e-9 - realtime_ahead());
            }
        }
        if (load->feedback && now() >= answer_at) { answer_at = now() + 0.005; answer(load); }
    }
    close(poll);
}

/* -- the floor: no forwarder can do with less ------------------------------------------------------------------- */

typedef struct {
    srtp_fn protect, unprotect;
    int fd, subscribers;
    void *open, **seal;
    struct sockaddr_in *address;
    double hold;
    volatile int stop;
    long received, forwarded;
    double cpu;
} Floor;

static double spent(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

/* Opens, writes new numbers, seals and sends in runs (recvmmsg, UDP_SEGMENT, sendmmsg); no logic, no reports. */
void floor_run(Floor *f)
{
    static uint8_t in[BATCH][ROOM], out[1 << 20];
    enum { RUNS = 1024 };
    static struct mmsghdr messages[BATCH], leaving[RUNS];
    static struct iovec parts[BATCH], pieces[RUNS];
    static char control[RUNS][CMSG_SPACE(2)];
    int sizes[BATCH];
    double began = spent();
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){in[i], ROOM};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    struct epoll_event event = {.events = EPOLLIN}, woken;
    int poll = epoll_create1(0);
    epoll_ctl(poll, EPOLL_CTL_ADD, f->fd, &event);
    while (!f->stop) {
        if (epoll_wait(poll, &woken, 1, 100) <= 0) continue;
        int n = recvmmsg(f->fd, messages, BATCH, MSG_DONTWAIT, 0), runs = 0;
        size_t used = 0;
        for (int i = 0; i < n; i++) {
            sizes[i] = messages[i].msg_len;
            if (sizes[i] < 40 || (in[i][0] & 0xC0) != 0x80 || (in[i][1] >= 192 && in[i][1] < 224)
                || f->unprotect(f->open, in[i], &sizes[i])) sizes[i] = 0;
            else f->received++;
        }
        for (int k = 0; n > 0 && k < f->subscribers; k++) {
            int count = 0, segment = 0, last = 0;
            size_t start = used;
            for (int i = 0; i <= n; i++) {
                int size = 0;
                if (i < n) {
                    if (!sizes[i]) continue;
                    memcpy(out + used, in[i], sizes[i]);
                    put32(out + used + 8, 5001 + k);
                    size = sizes[i];
                    if (f->protect(f->seal[k], out + used, &size)) continue;
                    f->forwarded++;
                }
                if (count && (i == n || size > segment || last < segment || count == 48 || used + size - start > 60000)) {
                    struct msghdr *m = &leaving[runs].msg_hdr;
                    pieces[runs] = (struct iovec){out + start, used - start};
                    *m = (struct msghdr){.msg_name = &f->address[k], .msg_namelen = sizeof *f->address,
                                         .msg_iov = &pieces[runs], .msg_iovlen = 1};
                    if (count > 1) {
                        m->msg_control = control[runs];
                        m->msg_controllen = sizeof control[runs];
                        struct cmsghdr *c = CMSG_FIRSTHDR(m);
                        c->cmsg_level = IPPROTO_UDP;
                        c->cmsg_type = UDP_SEGMENT;
                        c->cmsg_len = CMSG_LEN(2);
                        *(uint16_t *)CMSG_DATA(c) = segment;
                    }
                    runs++;
                    start = used;
                    count = 0;
                }
                if (i == n) break;
                if (!count) segment = size;
                count++;
                last = size;
                used += size;
            }
            if (runs + BATCH > RUNS || used + BATCH * 1500 > sizeof out || k + 1 == f->subscribers) {
                for (int done = 0; done < runs;) {
                    int r = sendmmsg(f->fd, leaving + done, runs - done, MSG_DONTWAIT);
                    done += r > 0 ? r : 1;
                }
                runs = 0;
                used = 0;
            }
        }
        if (f->hold > 0) rest(f->hold);
    }
    f->cpu = spent() - began;
    close(poll);
}
