import type { Welcome } from '@gossamer/protocol';
import { EVENTS, Hello, ProblemError, PROTOCOL_VERSION, Proof } from '@gossamer/protocol';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { provesKey } from './device-proof.ts';

/** So many wrong proofs, or hellos that led to none, end a connection. */
const MOST_TRIES = 20;

type Reply = (answer: unknown) => void;

/** Parses a control message. Throws ProblemError `request-invalid`. */
export const parse = <Schema extends z.ZodType>(schema: Schema, message: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const text = errors.map((error) => `${error.path}: ${error.message}`).join('; ');
  throw new ProblemError('request-invalid', text, errors);
};

/** Throws ProblemError `request-invalid`, or `protocol-mismatch`. */
const readHello = (message: unknown): Hello => {
  const protocol = (message as { protocol?: unknown } | null)?.protocol;
  if (typeof protocol === 'number' && protocol !== PROTOCOL_VERSION)
    throw new ProblemError('protocol-mismatch', `the coordinator speaks version ${PROTOCOL_VERSION}, not ${protocol}`);
  return parse(Hello, message);
};

const refuse =
  (error: ProblemError) =>
  (_message: unknown, reply: unknown): void => {
    if (typeof reply === 'function') (reply as Reply)({ problem: error.toProblem() });
  };

const notSignedIn = refuse(new ProblemError('session-unknown'));
const signedInAlready = refuse(new ProblemError('device-unproved', 'this connection is signed in already'));

/** What an error is for whoever asked. */
export type Explain = (error: unknown) => { problem: unknown };

export interface GreetingParts {
  /** Throws ProblemError when the device's network has to wait. */
  admit: () => void;
  /** Makes the session. */
  welcome: (hello: Hello) => Promise<Welcome>;
  explain: Explain;
  /** A device that does not sign in within this time is let go, ms. */
  deadlineMs: number;
}

/**
 * hello -> challenge -> proof -> welcome; nothing else is heard before. What it takes to sign
 * in is forgotten when that is done: most connections do nothing else for hours.
 */
export const greet = (socket: Socket, { admit, welcome, explain, deadlineMs }: GreetingParts): void => {
  const deadline = setTimeout(() => socket.disconnect(true), deadlineMs);
  const stop = (): void => clearTimeout(deadline);
  let hello: Hello | null = null;
  let nonce = '';
  let isProving = false;
  let tries = 0;

  const challenge = (message: unknown): { nonce: string } => {
    if (++tries > MOST_TRIES) {
      socket.disconnect(true);
      throw new ProblemError('device-unproved', 'too many tries');
    }
    const said = readHello(message);
    admit();
    hello = said;
    nonce = randomBytes(32).toString('base64url');
    return { nonce };
  };

  const prove = async (message: unknown): Promise<Welcome> => {
    const { signature } = parse(Proof, message);
    const greeted = hello;
    if (greeted === null || isProving) throw new ProblemError('device-unproved', 'say hello first');
    hello = null;
    if (!provesKey(greeted.publicKey, nonce, signature)) throw new ProblemError('device-unproved');
    isProving = true;
    try {
      const answer = await welcome(greeted);
      end();
      return answer;
    } finally {
      isProving = false;
    }
  };

  const guard =
    (handle: (message: unknown) => unknown) =>
    (message: unknown, reply: unknown): void => {
      if (typeof reply !== 'function') return;
      Promise.resolve()
        .then(() => handle(message))
        .then(
          (answer) => (reply as Reply)(answer),
          (error: unknown) => (reply as Reply)(explain(error)),
        );
    };
  const listeners = {
    [EVENTS.hello]: guard(challenge),
    [EVENTS.proof]: guard(prove),
    [EVENTS.exchange]: notSignedIn,
    [EVENTS.record]: notSignedIn,
    [EVENTS.forget]: notSignedIn,
  };

  const end = (): void => {
    stop();
    socket.off('disconnect', stop);
    for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
    for (const event of [EVENTS.hello, EVENTS.proof]) socket.on(event, signedInAlready);
  };

  for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
  socket.on('disconnect', stop);
};
