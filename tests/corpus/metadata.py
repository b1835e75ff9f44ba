#!/usr/bin/python3
"""metadata.py OUT: writes the volumes that no tool of Debian makes, byte by byte from ECMA-167 and OSTA UDF 2.50:
metadata-250.udf with a duplicated metadata partition, named streams and a real-time file; session-201-base.udf and
session-201.udf, two sessions of one disc. The Linux kernel, udfdump and 7z judge them (README.md), not this program."""
import struct
import sys

B = 2048


def crc(data):
    c = 0
    for byte in data:
        c ^= byte << 8
        for _ in range(8):
            c = (c << 1 ^ 0x1021 if c & 0x8000 else c << 1) & 0xFFFF
    return c


def tagged(tag, location, body):
    head = struct.pack('<HHBBHHHI', tag, 3, 0, 0, 1, crc(body), len(body), location)
    return head[:4] + bytes([sum(head) % 256]) + head[5:] + body


def volume_tagged(tag, location, body):
    return tagged(tag, location, body.ljust(496, b'\0'))


CHARSPEC = b'\0' + b'OSTA Compressed Unicode'.ljust(63, b'\0')
TIME = struct.pack('<HHBBBBBBBB', 0x1000 + 120, 2020, 2, 29, 12, 34, 56, 1, 2, 3)


def dstring(text, size):
    return (b'\x08' + text.encode('latin1')).ljust(size - 1, b'\0') + bytes([len(text) + 1]) if text else bytes(size)


def entity(name, suffix=b'\4\5'):
    return b'\0' + name.encode().ljust(23, b'\0') + suffix.ljust(8, b'\0')


def long_ad(length, block, partition=0, uid=0):
    return struct.pack('<IIHHI', length, block, partition, 0, uid)


ME = entity('*openimapi corpus')


def identifier(location, name, flags, icb):
    if name and max(map(ord, name)) > 255:
        name = b'\x10' + name.encode('utf-16-be')
    elif name:
        name = b'\x08' + name.encode('latin1')
    body = struct.pack('<HBB', 1, flags, len(name or b'')) + icb + struct.pack('<H', 0) + (name or b'')
    return tagged(257, location, body + bytes(-(len(body) + 16) % 4))


def entry(location, kind, flags, links, size, objects, blocks, uid, content, streams=bytes(16)):
    icb = struct.pack('<IHHHBB6sH', 0, 4, 0, 1, 0, kind, bytes(6), flags)
    body = icb + struct.pack('<IIIHBBI', 0xFFFFFFFF, 0xFFFFFFFF, 0x14A5, links, 0, 0, 0)
    body += struct.pack('<QQQ', size, objects, blocks) + 4 * TIME + struct.pack('<II', 1, 0) + bytes(16)
    body += streams + ME + struct.pack('<QII', uid, 0, len(content)) + content
    return tagged(266, location, body)


class Volume:
    """Blocks from start on; partition blocks are numbered from its own start, metadata blocks within it."""

    def __init__(self, revision, blocks, start=0, partition=(288, 400), metadata=False):
        self.revision, self.start, self.end = revision, start, start + blocks
        self.partition, self.metadata = partition, metadata
        self.image = bytearray(blocks * B)

    def put(self, block, data):
        at = (block - self.start) * B
        self.image[at:at + len(data)] = data

    def put_meta(self, block, data):
        if not self.metadata:
            self.put(self.partition[0] + block, data)
            return
        self.put(self.partition[0] + 32 + block, data)
        self.put(self.partition[0] + 320 + block, data)

    def frame(self, name, files, directories, next_id, used, file_set):
        s, r = self.start, struct.pack('<H', self.revision)
        first, length = self.partition
        for i, what in enumerate((b'BEA01', b'NSR03', b'TEA01')):
            self.put(s + 16 + i, b'\0' + what + b'\1')
        anchor = struct.pack('<IIII', 16 * B, s + 32, 16 * B, s + 48)
        self.put(s + 256, volume_tagged(2, s + 256, anchor))
        self.put(self.end - 1, volume_tagged(2, self.end - 1, anchor))
        domain = entity('*OSTA UDF Compliant', r + b'\3')
        maps = struct.pack('<BBHH', 1, 6, 1, 0)
        if self.metadata:
            maps += struct.pack('<BBH', 2, 64, 0) + entity('*UDF Metadata Partition', r + b'\4\5')
            maps += struct.pack('<HHIIIIHB5s', 1, 0, 0, 300, 0xFFFFFFFF, 32, 32, 1, bytes(5))
        for at in (s + 32, s + 48):
            self.put(at, volume_tagged(1, at, struct.pack('<II', 0, 0) + dstring(name, 32) + struct.pack(
                '<HHHHII', 1, 1, 2, 3, 1, 1) + dstring('0123456789ABCDEF' + name, 128) + 2 * CHARSPEC + bytes(16)
                + bytes(32) + TIME + ME))
            self.put(at + 1, volume_tagged(4, at + 1, struct.pack('<I', 1) + entity(
                '*UDF LV Info', r + b'\4\5') + CHARSPEC + dstring(name, 128) + bytes(108) + ME))
            self.put(at + 2, volume_tagged(5, at + 2, struct.pack('<IHH', 2, 1, 0) + entity('+NSR03', b'')
                     + bytes(128) + struct.pack('<III', 1, first, length) + ME))
            self.put(at + 3, tagged(6, at + 3, struct.pack('<I', 3) + CHARSPEC + dstring(name, 128) + struct.pack(
                '<I', B) + domain + long_ad(2 * B, file_set, int(self.metadata)) + struct.pack(
                '<II', len(maps), 1 + self.metadata) + ME + bytes(128) + struct.pack('<II', 4 * B, s + 64) + maps))
            self.put(at + 4, volume_tagged(7, at + 4, struct.pack('<II', 4, 0)))
            self.put(at + 5, volume_tagged(8, at + 5, b''))
        tables = (0, 32 - used, length, 32) if self.metadata else (0, length)
        self.put(s + 64, tagged(9, s + 64, TIME + struct.pack('<IQQ24sII', 1, 0, next_id, bytes(24), len(tables) // 2,
                 46) + struct.pack('<%dI' % len(tables), *tables) + ME + struct.pack(
                 '<IIHHH', files, directories, self.revision, self.revision, self.revision)))
        self.put(s + 65, volume_tagged(8, s + 65, b''))
        self.put_meta(file_set, volume_tagged(256, file_set, TIME + struct.pack('<HHIIII', 3, 3, 1, 1, 0, 0)
                      + CHARSPEC + dstring(name, 128) + CHARSPEC + dstring(name, 32) + bytes(64)
                      + long_ad(B, file_set + 2, int(self.metadata)) + domain))
        self.put_meta(file_set + 1, volume_tagged(8, file_set + 1, b''))


def metadata_volume():
    v = Volume(0x0250, 700, metadata=True)
    v.frame('METADATA', 4, 2, 40, 13, 0)
    names = [('small.txt', 0, 3, 16), ('large.bin', 0, 4, 17), ('real-time.bin', 0, 5, 18), ('folder', 2, 6, 19)]
    root = identifier(2, None, 10, long_ad(B, 2, 1, 0))
    root += b''.join(identifier(2, n, f, long_ad(B, i, 1, u)) for n, f, i, u in names)
    v.put_meta(2, entry(2, 4, 3, 2, len(root), len(root), 0, 0, root))
    text = b'small\n'
    v.put_meta(3, entry(3, 5, 3, 1, len(text), len(text) + 5007, 0, 16, text, long_ad(B, 7, 1)))
    v.put_meta(4, entry(4, 5, 1, 1, 5000, 5000, 3, 17, long_ad(4096, 64) + long_ad(904, 80)))
    v.put_meta(5, entry(5, 249, 1, 1, 3000, 3000, 2, 18, long_ad(3000, 100)))
    folder = identifier(10, None, 10, long_ad(B, 2, 1, 0))
    folder += identifier(10, 'hidden \u03a9.txt', 1, long_ad(B, 12, 1, 20))
    v.put_meta(10, folder)
    v.put_meta(6, entry(6, 4, 0, 1, len(folder), len(folder), 1, 19, struct.pack('<II', len(folder), 10)))
    streams = identifier(7, None, 10, long_ad(B, 3, 1, 16))
    streams += identifier(7, 'author', 0, long_ad(B, 8, 1)) + identifier(7, 'thumbnail', 0, long_ad(B, 9, 1))
    v.put_meta(7, entry(7, 13, 3, 0, len(streams), len(streams), 0, 0, streams))
    v.put_meta(8, entry(8, 5, 0x2003, 1, 7, 7, 0, 0, b'nobody\n'))
    v.put_meta(9, entry(9, 5, 0x2001, 1, 5000, 5000, 3, 0, long_ad(5000, 110)))
    v.put_meta(12, entry(12, 5, 3, 1, 7, 7, 0, 20, b'hidden\n'))
    for block, size, letter in ((64, 4096, b'a'), (80, 904, b'b'), (100, 3000, b'r'), (110, 5000, b't')):
        v.put(v.partition[0] + block, letter * size)
    for block, kind, content in ((0, 250, 32), (300, 251, 320)):
        v.put(v.partition[0] + block, entry(block, kind, 0, 0, 32 * B, 32 * B, 32, 0,
              struct.pack('<II', 32 * B, content)))
    return v.image


def session_volume(start, file_set, old):
    """With a file of its own, and the one of the session before."""
    length = (start or 300) + 60
    v = Volume(0x0201, start and 400 or 700, start, (288, length))
    v.frame('SESSION', 2 if old else 1, 1, 40, 0, file_set)
    root = identifier(file_set + 2, None, 10, long_ad(B, file_set + 2))
    root += identifier(file_set + 2, 'second.txt' if old else 'first.bin', 0, long_ad(B, file_set + 3, 0, 16 + bool(old)))
    if old:
        root += identifier(file_set + 2, 'first.bin', 0, long_ad(B, old + 3, 0, 16))
    v.put_meta(file_set + 2, entry(file_set + 2, 4, 3, 1, len(root), len(root), 0, 0, root))
    if old:
        v.put_meta(file_set + 3, entry(file_set + 3, 5, 3, 1, 7, 7, 0, 17, b'second\n'))
    else:
        v.put_meta(file_set + 3, entry(file_set + 3, 5, 0, 1, 4000, 4000, 2, 16, struct.pack('<II', 4000, 50)))
        v.put_meta(50, b'1' * 4000)
    return v.image


for name, image in (('metadata-250', metadata_volume()), ('session-201-base', session_volume(0, 10, 0)),
                    ('session-201', session_volume(1000, 1010, 10))):
    with open('%s/%s.udf' % (sys.argv[1], name), 'wb') as out:
        out.write(image)
