import { describe, expect, it } from 'vitest';
import { Hello, LIMITS, Proof, proofText, Welcome } from '../src/index.ts';

const capabilities = { memoryMb: 8192, cores: null, wasm: ['simd'] };
const hello = { protocol: 2, publicKey: 'A'.repeat(87), platform: 'Chromium', capabilities, slots: 2 };

describe('the messages of a session', () => {
  it('PE1: a greeting names the protocol, a raw P-256 key, the platform, what the device has and the slots, no more', () => {
    expect(Hello.parse(hello)).toEqual({ ...hello, playground: false });
    expect(Hello.parse({ ...hello, playground: true }).playground).toBe(true);
    const bad = [
      { publicKey: 'A'.repeat(86) },
      { publicKey: `${'A'.repeat(86)}=` },
      { platform: 'x'.repeat(121) },
      { capabilities: undefined },
      { capabilities: { ...capabilities, cores: 1025 } },
      { capabilities: { ...capabilities, gpu: 'x' } },
      { slots: 0 },
      { slots: LIMITS.slots + 1 },
      { protocol: -1 },
      { prefix: '10.0.0.0' },
    ];
    for (const fields of bad) expect(Hello.safeParse({ ...hello, ...fields }).success).toBe(false);
  });

  it('PE2: what a device signs is bound to this use by a prefix', () => {
    expect(proofText('n0nce')).toBe('gossamer-session:n0nce');
    expect(Proof.safeParse({ signature: 'a'.repeat(86) }).success).toBe(true);
    expect(Proof.safeParse({ signature: 'a'.repeat(88) }).success).toBe(false);
  });

  it('PE3: a welcome names session, device, epoch, heartbeat and standing', () => {
    const uuid = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
    const standing = { valid: 1, invalid: 0, waiting: 2, credit: 1.5 };
    const welcome = { session: `ses_${uuid}`, device: `dev_${uuid}`, epoch: 3, heartbeatMs: 5000, standing };
    expect(Welcome.parse(welcome)).toEqual(welcome);
    expect(Welcome.safeParse({ ...welcome, device: `ses_${uuid}` }).success).toBe(false);
  });
});
