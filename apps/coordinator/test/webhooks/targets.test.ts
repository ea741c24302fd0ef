import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPublicAddress } from '../../src/webhooks/targets/addresses.ts';
import { guardedLookup, requireReachable } from '../../src/webhooks/targets/resolve.ts';
import { parseTarget } from '../../src/webhooks/targets/target.ts';

const codeOf = (url: string, rule: 'public' | 'any' = 'public'): string => {
  try {
    return parseTarget(url, rule).href;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const FORBIDDEN = 'webhook-target-forbidden';

/** First, middle and last address of each special range, and some of old. */
const SPECIAL = [
  ...['0.0.0.0', '0.1.2.3', '0.255.255.255', '10.0.0.0', '10.200.1.1', '10.255.255.255'],
  ...['100.64.0.0', '100.100.100.200', '100.127.255.255', '127.0.0.1', '127.255.255.255'],
  ...['169.254.0.0', '169.254.169.254', '169.254.255.255', '172.16.0.0', '172.31.255.255'],
  ...[
    '192.0.0.0',
    '192.0.0.170',
    '192.0.2.1',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.168.255.255',
  ],
  ...['192.175.48.1', '198.18.0.0', '198.19.255.255', '198.51.100.7', '203.0.113.9'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
];
const PUBLIC = [
  ...[
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
  ],
  ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.1', '192.167.255.255', '192.169.0.0'],
  ...['198.17.255.255', '198.20.0.0', '223.255.255.255'],
];
const SPECIAL_V6 = [
  ...['::', '::1', '::2', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:127.0.0.1'],
  ...[
    '64:ff9b:1::7f00:1',
    '64:ff9b:1::8.8.8.8',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:20::1',
  ],
  ...[
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '2620:4f:8000::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
  ],
  ...['fe80::1', 'fe80::1%eth0', '2606:4700::1%eth0', 'febf::1', 'fec0::1', 'ff02::1', 'ffff::1'],
];

test('HK13: every special range is none of public addresses, their neighbours are', () => {
  for (const address of [...SPECIAL, ...SPECIAL_V6])
    expect([address, isPublicAddress(address)]).toEqual([address, false]);
  for (const address of [...PUBLIC, '2606:4700:4700::1111', '2a00:1450:4001::1', '2001:200::1', '2001:4860:4860::8888'])
    expect([address, isPublicAddress(address)]).toEqual([address, true]);
  for (const text of ['', 'localhost', '1.2.3', '01.2.3.4', '1.2.3.4.5', '::1::', '[::1]', '1.1.1.1 ']) {
    expect([text, isPublicAddress(text)]).toEqual([text, false]);
  }
});

test('HK13: an address behind NAT64 is as public as the address in it', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const property = fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
    const address = octets.join('.');
    const hex = octets.map((byte) => byte.toString(16).padStart(2, '0'));
    const inHex = `64:ff9b::${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
    expect(isPublicAddress(inHex)).toBe(isPublicAddress(address));
    // Other ways to write an address of IPv4 within one of IPv6 are never let through.
    for (const form of [`::ffff:${address}`, `::${address}`, `2002:${hex[0]}${hex[1]}:${hex[2]}${hex[3]}::1`]) {
      expect([form, isPublicAddress(form)]).toEqual([form, false]);
    }
  });
  fc.assert(property, { numRuns: 500, examples: SPECIAL.map((text) => [text.split('.').map(Number) as never]) });
});

test('HK13: an address that is not public is refused in every way of writing it', () => {
  const loopback = [
    ...[
      '127.0.0.1',
      '127.1',
      '127.0.1',
      '0177.0.0.1',
      '0x7f.0.0.1',
      '0x7f.1',
      '0x7f000001',
      '2130706433',
      '017700000001',
    ],
    ...[
      '127.0.0.1.',
      '127%2e0.0.1',
      '①②⑦.0.0.1',
      '127。0。0。1',
      '0',
      '0x0',
      '[::1]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:7f00:1]',
    ],
    ...[
      '[::ffff:127.0.0.1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[64:ff9b::127.0.0.1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
    ],
    ...[
      '169.254.169.254',
      '0xa9fea9fe',
      '2852039166',
      '[fd00:ec2::254]',
      '10.0.0.1',
      '192.168.1.1',
      '[::ffff:a9fe:a9fe]',
    ],
  ];
  for (const host of loopback) {
    for (const url of [`https://${host}/`, `https://${host}:8443/x?y=z`])
      expect([url, codeOf(url)]).toEqual([url, FORBIDDEN]);
  }
  for (const host of ['8.8.8.8', '0x08.8.8.8', '[2606:4700:4700::1111]', '[64:ff9b::808:808]']) {
    expect(codeOf(`https://${host}/`), host).toMatch(/^https:/);
  }
});

test('HK12: only https, without a name and password, on a port that is no other service’s', () => {
  const wrong = [
    ...[
      '',
      'x',
      'example.org',
      '/hook',
      'https://',
      'https://exa mple.org',
      'https://example.org:99999/',
      'https://[::1',
    ],
    ...[
      'http://example.org/',
      'ftp://example.org/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:,x',
      'gopher://example.org/',
    ],
    ...['https://user@example.org/', 'https://user:secret@example.org/', 'https://:secret@example.org/'],
    ...[
      'https://example.org:22/',
      'https://example.org:25/',
      'https://example.org:80/',
      'https://example.org:1023/',
      'https://example.org:0/',
    ],
  ];
  for (const url of wrong) expect([url, codeOf(url)]).toEqual([url, FORBIDDEN]);
  for (const url of [
    'https://example.org/',
    'https://example.org/a?b=c',
    'https://example.org:1024/',
    'https://example.org:65535/',
  ]) {
    expect(codeOf(url)).toBe(url);
  }
  expect(codeOf('HTTPS://EXAMPLE.org:443/x')).toBe('https://example.org/x');
});

test('HK12: where the operator allows any target, http, any port and any address, but no password', () => {
  for (const url of ['http://127.0.0.1:80/', 'http://[::1]:22/', 'http://localhost/', 'https://10.0.0.1/']) {
    expect([url, codeOf(url, 'any') === FORBIDDEN]).toEqual([url, false]);
  }
  expect(codeOf('http://a:b@localhost/', 'any')).toBe(FORBIDDEN);
  expect(codeOf('ftp://localhost/', 'any')).toBe(FORBIDDEN);
});

const lookedUp = (addresses: string[] | Error, all: boolean): Promise<unknown> =>
  new Promise((settle) => {
    const resolve = async () => {
      if (addresses instanceof Error) throw addresses;
      return addresses;
    };
    guardedLookup('public', resolve)('name.example', { all }, (error, found, family) =>
      settle(error === null ? [found, family] : (error as { code?: string }).code),
    );
  });

test('HK14: one address that is not public among many refuses the name', async () => {
  expect(await lookedUp(['8.8.8.8', '10.0.0.1'], true)).toBe(FORBIDDEN);
  expect(await lookedUp(['2606:4700::1', '::1'], true)).toBe(FORBIDDEN);
  expect(await lookedUp(['8.8.8.8', 'nonsense'], true)).toBe(FORBIDDEN);
  const found = [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1', family: 6 },
  ];
  expect(await lookedUp(['8.8.8.8', '2606:4700::1'], true)).toEqual([found, undefined]);
  expect(await lookedUp(['2606:4700::1'], false)).toEqual(['2606:4700::1', 6]);
});

test('HK15: a name that leads nowhere has a code of its own', async () => {
  expect(await lookedUp([], true)).toBe('webhook-target-unresolved');
  expect(await lookedUp(new Error('ENOTFOUND'), true)).toBe('webhook-target-unresolved');
  const unresolved = requireReachable(new URL('https://name.example/'), 'public', async () => []);
  await expect(unresolved).rejects.toMatchObject({ code: 'webhook-target-unresolved' });
  // The real name service, of a name that RFC 6761 keeps from ever being given away.
  await expect(requireReachable(new URL('https://name.invalid/'), 'any', async () => [])).rejects.toThrow(
    /name.invalid/,
  );
});
