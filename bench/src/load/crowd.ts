import { eachOf } from '../measure/wait.ts';
import { Device } from './device.ts';
import { lend, newTally, type Tally, type VolunteerOptions } from './volunteer.ts';

/** Devices that sign in at the same time. */
const AT_ONCE = 64;

/** Devices that lend themselves until they leave; what they do is counted by the tally of the moment. */
export class Crowd {
  readonly #devices: readonly Device[];
  readonly #lending: Promise<void>[];
  #tally = newTally();
  #isOver = false;
  #wireBytes = 0;

  private constructor(devices: readonly Device[], options: Omit<VolunteerOptions, 'isOver'>) {
    this.#devices = devices;
    const whole = { ...options, isOver: () => this.#isOver };
    this.#lending = devices.map((device) => lend(device, whole, () => this.#tally));
  }

  /** Signs so many devices in, and begins. */
  static async join(port: number, count: number, options: Omit<VolunteerOptions, 'isOver'>): Promise<Crowd> {
    const devices = Array.from({ length: count }, () => new Device());
    await eachOf(devices, AT_ONCE, async (device) => void (await device.signIn(port)));
    return new Crowd(devices, options);
  }

  /** What went over their sockets so far, both ways, bytes. */
  get wireBytes(): number {
    return this.#wireBytes || this.#devices.reduce((sum, device) => sum + device.wireBytes, 0);
  }

  /** Ends the tally so far, which is given, and begins a new one. */
  next(): Tally {
    const ended = this.#tally;
    this.#tally = newTally();
    return ended;
  }

  /** Resolves with the last tally when each device has the answer that it waited for. */
  async leave(): Promise<Tally> {
    this.#isOver = true;
    await Promise.all(this.#lending);
    // A socket that is closed does not tell any more.
    this.#wireBytes = this.wireBytes;
    for (const device of this.#devices) device.close();
    return this.#tally;
  }
}
