import type { cancelJob, Job, JobFact, Lease, Session } from '@gossamer/core';
import { closeSession, gridAccount, openSession } from '@gossamer/core';
import type { Hello, LeaseRef, Standing, Welcome } from '@gossamer/protocol';
import { EVENTS, LIMITS, ProblemError, ProgramRefusal, SessionId, uuidv7 } from '@gossamer/protocol';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Config } from '../config.ts';
import { hostKinds } from '../http/hosts.ts';
import { clientAddress, prefixOf } from '../runtime/address.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { DeviceBook } from '../runtime/device-book.ts';
import { Connection } from './connection.ts';
import { DeviceRegistry } from './devices.ts';
import type { Exchanges } from './exchanges.ts';
import { Flow } from './flow.ts';
import type { FlowMetrics } from './flow-metrics.ts';
import { greet } from './greeting.ts';
import type { GatewayLimits } from './limits.ts';
import { Networks } from './networks.ts';
import { type Offers, takeOffers } from './offers.ts';
import { answerForItself } from './own-record.ts';
import { parser } from './parser.ts';

/** Devices whose standing may have changed are looked at this often, ms. */
const STANDING_MS = 500;
/** How long a shutdown waits for the last words to be sent, ms. */
const GOODBYE_MS = 1000;

/** Shared by all, as nobody writes to a request that has been answered. */
const FORGOTTEN = { rawHeaders: [], headers: {}, headersDistinct: {}, url: '', _query: {} };

export interface GatewayOptions {
  config: Config;
  runtime: Runtime;
  grid: GridLog;
  exchanges: Exchanges;
  devices: DeviceBook;
  /** Takes in large results. */
  offers: Offers;
  logger: Logger;
  limits: GatewayLimits;
  metrics: FlowMetrics;
  /** A session's tab does not run a job's program. */
  refused(session: Session, refusal: ProgramRefusal): void;
  /** Is this an origin of the volunteers' page? */
  isPageOrigin(origin: string): boolean;
}

type Reply = (answer: unknown) => void;

const problemOf = (error: unknown, logger: Logger) => {
  if (error instanceof ProblemError) return { problem: error.toProblem() };
  logger.error({ error }, 'a message could not be handled');
  return { problem: new ProblemError('internal').toProblem() };
};

/** Socket.IO for volunteers: signs devices in, carries exchanges, and tells sessions what they should know. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #io: Server;
  readonly #devices: DeviceRegistry;
  readonly #connections = new Map<number, Connection>();
  readonly #touched = new Set<number>();
  readonly #teller: NodeJS.Timeout;
  readonly #underWay = new Set<Promise<void>>();
  readonly #flows = new WeakMap<Socket['conn'], Flow>();
  readonly #networks: Networks;
  /** Connections that are one too many of their network: they are told so, and nothing else. */
  readonly #crowded = new WeakSet<Socket['conn']>();
  readonly #kindOf: ReturnType<typeof hostKinds>;
  #closing = false;

  constructor(http: HttpServer, options: GatewayOptions) {
    this.#options = options;
    this.#devices = new DeviceRegistry(options.grid, options.runtime.now);
    this.#kindOf = hostKinds(options.config);
    const { config, limits } = options;
    const { socketsPerNetwork: sockets, signInsPerNetwork: signIns } = config;
    this.#networks = new Networks({ sockets, signIns }, () => performance.now());
    this.#io = new Server(http, {
      parser,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: LIMITS.frame + 4096,
      pingInterval: limits.pingMs,
      pingTimeout: limits.pongMs,
      connectTimeout: limits.signInMs,
      allowRequest: (request, decide) => {
        const { origin, host = '' } = request.headers;
        const mayCome = origin === undefined || options.isPageOrigin(origin);
        decide(null, mayCome && this.#kindOf(host) === 'own' && this.#networks.mayConnect(this.#networkOf(request)));
      },
    });
    this.#io.engine.on('connection', (transport: Socket['conn']) => this.#connected(transport));
    this.#io.on('connection', (socket) => this.#greet(socket));
    this.#teller = setInterval(() => this.#tell(), STANDING_MS);
  }

  get sessions(): number {
    return this.#connections.size;
  }

  /** To be called when facts are on disk: whose standing may have changed? */
  touched(job: Job, facts: readonly JobFact[]): void {
    for (const fact of facts) {
      if (fact.kind === 'returned' || fact.kind === 'errored') this.#touched.add(fact.device);
      if (fact.kind === 'failed') this.#touchUnit(job, fact.unit);
      if (fact.kind === 'judged' || fact.kind === 'revoked')
        for (const { unit } of fact.items) this.#touchUnit(job, unit);
    }
  }

  /** Gives leases to a session whose exchange was parked. */
  served(session: Session, granted: Lease[]): void {
    const connection = this.#connections.get(session.number);
    if (connection === undefined) return;
    this.#options.exchanges.serve(connection, granted).catch((error: unknown) => {
      this.#options.logger.error({ error }, 'a parked session could not be served');
    });
  }

  /** Sessions get every job's card anew. */
  forgetCards(): void {
    for (const connection of this.#connections.values()) connection.forgetCards();
  }

  /** Tells devices to end leases, as after `cancelJob`. */
  revoke(leases: ReturnType<typeof cancelJob>): void {
    for (const [device, refs] of leases) this.#connectionOf(device)?.revoke(refs satisfies LeaseRef[]);
  }

  /** Ends the connection of a device that was forgotten; what is on its way to it is sent first. */
  end(device: number): void {
    for (const [session, connection] of this.#connections) {
      if (connection.session.device !== device) continue;
      this.#connections.delete(session);
      connection.dismiss();
    }
  }

  /**
   * Says goodbye and closes every connection, when what was under way is answered; the HTTP server is left to its
   * owner, as other streams may hold it open.
   */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#teller);
    await Promise.all(this.#underWay);
    for (const connection of this.#connections.values()) connection.leave();
    const deadline = performance.now() + GOODBYE_MS;
    while (this.#unsent() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#io.disconnectSockets(true);
    this.#io.engine.close();
  }

  #unsent(): boolean {
    return [...this.#io.sockets.sockets.values()].some(({ conn }) => !conn.transport.writable);
  }

  #connectionOf(device: number): Connection | undefined {
    const session = this.#options.runtime.scheduler.sessionOf.get(device);
    return session === undefined ? undefined : this.#connections.get(session);
  }

  #touchUnit(job: Job, unit: number): void {
    const { next, device } = job.attempts;
    for (let at = job.units.head[unit]!; at !== -1; at = next[at]!) this.#touched.add(device[at]!);
  }

  #tell(): void {
    const now = performance.now();
    for (const device of this.#touched) {
      const isTold = this.#connectionOf(device)?.tell(this.#standing(device), now) ?? true;
      if (isTold) this.#touched.delete(device);
    }
  }

  #standing(device: number): Standing {
    const { valid, invalid, waiting, credit } = gridAccount(this.#options.runtime.scheduler, device);
    return { valid, invalid, waiting, credit };
  }

  #networkOf({ headers, socket }: IncomingMessage): string | null {
    const forwarded = headers['x-forwarded-for'];
    const said = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
    const address = clientAddress(socket.remoteAddress ?? '', said, this.#options.config.trustProxy);
    return prefixOf(this.#options.grid.state.secret, address);
  }

  /**
   * Of the request that opened a socket only the network matters. engine.io holds on to it for as long as the socket lives,
   * so it is emptied, too.
   */
  #connected(transport: Socket['conn']): void {
    const { request } = transport;
    const { config, limits, metrics } = this.#options;
    const network = this.#networkOf(request);
    const { mostBacklogBytes } = limits;
    this.#flows.set(transport, new Flow(transport, network, { rate: config.sessionRate, mostBacklogBytes }, metrics));
    (transport as { request: unknown }).request = null;
    Object.assign(request, FORGOTTEN);
    const mayStay = this.#networks.came(network);
    transport.once('close', () => this.#networks.left(network));
    if (mayStay) return;
    metrics.crowded();
    this.#crowded.add(transport);
  }

  #greet(socket: Socket): void {
    const { logger, limits, metrics } = this.#options;
    // A device that leaves its socket leaves its connection: it could sign in on it as another one.
    socket.on('disconnect', () => socket.conn.close());
    const { network } = this.#flows.get(socket.conn)!;
    const admit = (): void => {
      if (this.#crowded.has(socket.conn)) {
        setImmediate(() => socket.disconnect(true));
        throw new ProblemError('rate-limited', 'too many tabs of this network are here');
      }
      const waitMs = this.#networks.signIn(network);
      if (waitMs > 0) {
        metrics.signInRefused();
        const seconds = Math.ceil(waitMs / 1000);
        throw new ProblemError('rate-limited', `too many sign-ins of this network; try again in ${seconds} s`);
      }
    };
    const welcome = (hello: Hello) => this.#welcome(socket, hello);
    greet(socket, { admit, welcome, explain: (error) => problemOf(error, logger), deadlineMs: limits.signInMs });
  }

  async #welcome(socket: Socket, hello: Hello): Promise<Welcome> {
    const { config, runtime, exchanges, devices, offers, logger } = this.#options;
    const flow = this.#flows.get(socket.conn)!;
    const record = await this.#devices.of(hello, flow.network);
    // While the device was written down, the socket may have gone; nobody would end its session.
    if (!socket.connected || this.#closing) throw new ProblemError('unavailable');
    // And the device may have been forgotten: the scheduler would take it for one that is there.
    this.#devices.requireStaying(record.device.number);
    const { session, replaced } = openSession(runtime.scheduler, record.device, hello.slots);
    if (replaced !== null) {
      this.#connections.get(replaced)?.replace();
      this.#connections.delete(replaced);
    }
    const connection = new Connection(session, socket, flow);
    this.#connections.set(session.number, connection);
    socket.on(EVENTS.exchange, (frame: unknown, reply: unknown) => {
      if (typeof reply !== 'function') return;
      const answer = reply as Reply;
      if (!(frame instanceof Uint8Array)) {
        answer(problemOf(new ProblemError('exchange-malformed', 'expected bytes'), logger));
        return;
      }
      if (this.#closing) {
        answer(problemOf(new ProblemError('unavailable', 'the coordinator goes down'), logger));
        return;
      }
      const taken = exchanges
        .take(connection, frame, answer)
        .catch((error: unknown) => answer(problemOf(error, logger)))
        .finally(() => this.#underWay.delete(taken));
      this.#underWay.add(taken);
    });
    socket.on(EVENTS.refused, (message: unknown) => {
      const refusal = ProgramRefusal.safeParse(message);
      // Of a job that it was never given it has seen no program.
      if (!refusal.success || !connection.knows(refusal.data.job)) return;
      connection.forgetCard(refusal.data.job);
      this.#options.refused(session, refusal.data);
    });
    const explain = (error: unknown) => problemOf(error, logger);
    answerForItself(socket, flow, record, devices, explain);
    takeOffers(socket, flow, session, offers, explain);
    socket.on('disconnect', () => {
      connection.drop();
      this.#connections.delete(session.number);
      closeSession(runtime.scheduler, session.number, runtime.now());
    });
    const id = SessionId.parse(`ses_${uuidv7(runtime.now(), randomBytes(10))}`);
    logger.debug({ sessionId: id, deviceNumber: record.device.number }, 'a session began');
    return {
      session: id,
      device: record.id,
      epoch: runtime.scheduler.options.epoch,
      heartbeatMs: config.heartbeatMs,
      standing: this.#standing(record.device.number),
    };
  }
}
