import type { DeviceClass } from '@gossamer/protocol';
import type { Chance } from '../random/chance.ts';
import { EventQueue } from '../events/event-queue.ts';
import type { CrowdPlan } from './crowd-plan.ts';
import { meanVisitMs } from './crowd-plan.ts';
import type { Liar } from './liars.ts';

/** What one browser installation is, whatever it calls itself. */
export interface Person {
  /** From 0, in the order of first appearance. */
  readonly number: number;
  /** Relative to the median device: it computes so many ms of work in 1 ms. */
  readonly speed: number;
  readonly browser: DeviceClass;
  readonly liar: Liar | null;
  /** It was there before the beginning. */
  readonly known: boolean;
}

/** One stay of a person. */
export interface Visit {
  readonly person: Person;
  readonly arrivesAt: number;
  readonly leavesAt: number;
  /** It had been here before. */
  readonly returns: boolean;
}

/** Multiples of it, modulo 1, are spread evenly: of any so many persons the planned share are saboteurs. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The volunteers as they come, one visit after another: a Poisson process of arrivals. It is stationary from the
 * beginning: the number of those present then is the planned one, and their visits are under way, as those of an
 * infinite past would be. Nothing that happens on the grid reaches it, so that every policy meets the same crowd.
 */
export class Crowd {
  readonly #plan: CrowdPlan;
  readonly #arrivals: Chance;
  readonly #traits: Chance;
  readonly #persons: Person[] = [];
  readonly #absent: Person[] = [];
  /** When those present leave. */
  readonly #leaving = new EventQueue();
  readonly #offset: number;
  #saboteurs = 0;
  #initial = 0;
  #now = 0;

  constructor(plan: CrowdPlan, arrivals: Chance, traits: Chance) {
    this.#plan = plan;
    this.#arrivals = arrivals;
    this.#traits = traits;
    this.#offset = traits.next();
    for (let at = 0; at < plan.known; at++) this.#absent.push(this.#meet(true));
  }

  get persons(): readonly Person[] {
    return this.#persons;
  }

  /** The next visit; `arrivesAt` never falls. */
  next(): Visit {
    if (this.#initial < this.#plan.present) return this.#visitUnderWay();
    this.#now += this.#arrivals.exponential(meanVisitMs(this.#plan) / this.#plan.present);
    while (this.#leaving.due <= this.#now && this.#leaving.next())
      this.#absent.push(this.#persons[this.#leaving.subject]!);
    const returns = this.#arrivals.happens(this.#plan.returning) && this.#absent.length > 0;
    const person = returns ? this.#takeAbsent() : this.#meet(false);
    const { medianMs, sigma } = this.#plan.visit;
    return this.#stay(person, returns, this.#arrivals.logNormal(medianMs, sigma));
  }

  /**
   * A visit in whose midst the simulation begins. Longer ones are met more often: by length-biased sampling the whole
   * of it is log-normal with the median times exp(sigma^2), of which a uniform share is still to come.
   */
  #visitUnderWay(): Visit {
    this.#initial += 1;
    const returns = this.#arrivals.happens(this.#plan.returning);
    const { medianMs, sigma } = this.#plan.visit;
    const whole = this.#arrivals.logNormal(medianMs * Math.exp(sigma ** 2), sigma);
    return this.#stay(this.#meet(returns), returns, whole * this.#arrivals.next());
  }

  #stay(person: Person, returns: boolean, lengthMs: number): Visit {
    const leavesAt = this.#now + lengthMs;
    this.#leaving.push(leavesAt, 0, person.number, 0);
    return { person, arrivesAt: this.#now, leavesAt, returns };
  }

  #takeAbsent(): Person {
    const at = this.#arrivals.below(this.#absent.length);
    const person = this.#absent[at]!;
    this.#absent[at] = this.#absent[this.#absent.length - 1]!;
    this.#absent.pop();
    return person;
  }

  #meet(known: boolean): Person {
    const number = this.#persons.length;
    const speed = this.#traits.logNormal(1, this.#plan.speedSigma);
    const dice = this.#traits.next();
    const browser = dice < 0.7 ? 'chromium' : dice < 0.85 ? 'webkit' : 'firefox';
    const person: Person = { number, speed, browser, liar: this.#liar(number), known };
    this.#persons.push(person);
    return person;
  }

  #liar(number: number): Liar | null {
    const { liar, saboteurs } = this.#plan;
    if (liar === null || (this.#offset + number * GOLDEN) % 1 >= saboteurs) return null;
    const group = liar.groups === 0 ? -1 : this.#saboteurs % liar.groups;
    this.#saboteurs += 1;
    return { plan: liar, group };
  }
}
