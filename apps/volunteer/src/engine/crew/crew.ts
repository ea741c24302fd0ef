import type { CageEnd, CageError, CageEvents, CageRun, StagedLease } from '@gossamer/cage/engine';
import { ProgramRefused } from '@gossamer/program';
import type { AttemptReport, JobCard, Payload } from '@gossamer/protocol';
import type { SlotPicture, SlotView } from '../../shared/snapshot.ts';
import type { LeaseKey } from '../exchange/lease-key.ts';
import { endReason, endReport, errorReport, resultReport } from '../outcomes.ts';
import { Pace, wanted } from './pace.ts';
import type { LeaseWork, Parts, Prepared } from './prepare.ts';
import { prepare } from './prepare.ts';

type Stage =
  | { kind: 'fetching' }
  /** `staged`: its worker was started ahead of its turn. */
  | { kind: 'ready'; prepared: Prepared; staged: StagedLease | null }
  | {
      kind: 'running';
      slot: number;
      prepared: Prepared;
      run: CageRun | null;
      /** The unit that runs, and the lease's run time when it began, ms. */
      position: number;
      beganAt: number;
      progress: number | null;
      /** What the program logged of that unit: bounded by the door. */
      log: string[];
    };

interface Member {
  work: LeaseWork;
  stage: Stage;
  abort: AbortController;
  /** Why it was stopped here; null for a lease that is of no more use to the coordinator. */
  stopped: { reason: string | null } | undefined;
}

/** Where the crew's findings go. */
export interface CrewEvents {
  record(key: LeaseKey, report: AttemptReport): void;
  /** The lease is over; units without an outcome are given back with `reason`, or dropped when it is null. */
  over(key: LeaseKey, reason: string | null): void;
  /** Something here kept a lease from running: no fault of its program. */
  trouble(text: string): void;
  /** A job's program is not what was admitted: nothing of it runs here. */
  refused(card: JobCard, refusal: ProgramRefused): void;
  picture(picture: SlotPicture): void;
  changed(): void;
}

const givenBack = (why: string): string => `Some work could not run here and was given back: ${why}.`;

/** The leases of this tab: each is made ready, waits for a slot, runs in one worker, and ends. */
export class Crew {
  readonly #parts: Parts;
  readonly #events: CrewEvents;
  readonly #members = new Map<LeaseKey, Member>();
  readonly #pace = new Pace();
  #slots: (Member | null)[] = [];

  constructor(parts: Parts, events: CrewEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  add(work: LeaseWork): void {
    const member: Member = { work, stage: { kind: 'fetching' }, abort: new AbortController(), stopped: undefined };
    this.#members.set(work.key, member);
    prepare(work, this.#parts, member.abort.signal).then(
      (prepared) => {
        if (member.stopped !== undefined) return prepared.hold.release(false);
        member.stage = { kind: 'ready', prepared, staged: null };
        this.#fill();
      },
      (error: unknown) => {
        if (member.stopped !== undefined) return;
        const text = error instanceof Error ? error.message : String(error);
        if (error instanceof ProgramRefused) this.#events.refused(work.card, error);
        else this.#events.trouble(givenBack(text));
        this.#remove(member, text);
      },
    );
    this.#events.changed();
  }

  /** Slots may change at any time: leases in slots that are gone are given back at once. */
  setSlots(count: number): void {
    for (const member of this.#slots.slice(count)) if (member !== null) this.#stop(member, 'fewer slots');
    this.#slots = Array.from({ length: count }, (_, slot) => this.#slots[slot] ?? null);
    this.#fill();
  }

  /** `reason` null: the coordinator has no more use for it. */
  stop(key: LeaseKey, reason: string | null): void {
    const member = this.#members.get(key);
    if (member !== undefined) this.#stop(member, reason);
  }

  /** Ends the leases of playground jobs, and gives them back. */
  stopPlayground(reason: string): void {
    for (const member of [...this.#members.values()]) {
      if (member.work.card.signed.admission.tier === 'playground') this.#stop(member, reason);
    }
  }

  stopAll(reason: string): void {
    for (const member of [...this.#members.values()]) this.#stop(member, reason);
  }

  /** Slots to ask work for now. */
  wanted(): number {
    let queued = 0;
    const leftMs: number[] = [];
    for (const { stage, work } of this.#members.values()) {
      if (stage.kind !== 'running') queued++;
      else if (this.#slots[stage.slot]?.work === work) {
        const unitMs = (stage.run?.runMs ?? 0) - stage.beganAt;
        const left = work.indices.length - stage.position;
        leftMs.push(this.#pace.leftMs({ job: work.card.job, left, unitMs, progress: stage.progress }));
      }
    }
    return wanted(this.#slots.length, leftMs, queued);
  }

  runMs(key: LeaseKey): number {
    const stage = this.#members.get(key)?.stage;
    return stage?.kind === 'running' ? (stage.run?.runMs ?? 0) : 0;
  }

  views(): SlotView[] {
    const fetching = [...this.#members.values()].filter(({ stage }) => stage.kind !== 'running');
    return this.#slots.map((member): SlotView => {
      if (member?.stage.kind === 'running') {
        const { card, indices } = member.work;
        const { run, position, progress } = member.stage;
        const at = Math.min(position, indices.length - 1);
        return {
          kind: 'running',
          number: card.job,
          job: card.name,
          submitter: card.submitter,
          program: card.signed.manifest.kind,
          unit: indices[at]!,
          position: at,
          units: indices.length,
          progress,
          runMs: run?.runMs ?? 0,
        };
      }
      const next = fetching.shift();
      if (next === undefined) return { kind: 'idle' };
      return { kind: 'fetching', job: next.work.card.name, submitter: next.work.card.submitter };
    });
  }

  #stop(member: Member, reason: string | null): void {
    if (member.stopped !== undefined) return;
    member.stopped = { reason };
    if (member.stage.kind === 'running') {
      member.stage.run?.stop();
      return;
    }
    if (member.stage.kind === 'ready') {
      member.stage.staged?.drop();
      member.stage.prepared.hold.release(false);
    }
    member.abort.abort();
    this.#remove(member, reason);
  }

  #fill(): void {
    for (const [slot, present] of this.#slots.entries()) {
      if (present !== null) continue;
      for (const member of this.#members.values()) {
        if (member.stage.kind !== 'ready') continue;
        this.#run(member, member.stage, slot);
        break;
      }
    }
    this.#stageNext();
    this.#events.changed();
  }

  /** A worker takes some tens of ms to start: those of the leases that are next, one a slot, start before their turn. */
  #stageNext(): void {
    let left = this.#slots.length;
    for (const { stage } of this.#members.values()) {
      if (stage.kind !== 'ready' || left-- <= 0) continue;
      stage.staged ??= stage.prepared.hold.frame.stage(stage.prepared.lease);
    }
  }

  #run(member: Member, { prepared, staged }: Stage & { kind: 'ready' }, slot: number): void {
    const stage: Stage = {
      kind: 'running',
      slot,
      prepared,
      run: null,
      position: 0,
      beganAt: 0,
      progress: null,
      log: [],
    };
    member.stage = stage;
    this.#slots[slot] = member;
    const events = this.#cageEvents(member, stage);
    stage.run = staged?.start(events) ?? prepared.hold.frame.run(prepared.lease, events);
    // A stop may have come before the run was known.
    if (member.stopped !== undefined) stage.run.stop();
  }

  #cageEvents(member: Member, stage: Stage & { kind: 'running' }): CageEvents {
    const { key, card, indices } = member.work;
    const outcome = (report: AttemptReport, runMs: number): void => {
      this.#pace.note(card.job, runMs);
      stage.position = report.offset + 1;
      stage.beganAt = stage.run?.runMs ?? 0;
      stage.progress = null;
      stage.log = [];
      if (member.stopped?.reason !== null) this.#events.record(key, report);
    };
    return {
      result: (position: number, payload: Payload, runMs: number) =>
        outcome(resultReport(position, payload, runMs), runMs),
      error: (position: number, error: CageError, runMs: number) =>
        outcome(errorReport(position, error, runMs, stage.log), runMs),
      progress: (_position, done) => {
        stage.progress = done;
        this.#events.changed();
      },
      log: (_position, text) => void stage.log.push(text),
      picture: (position, picture) => {
        const unit = indices[position];
        if (unit !== undefined) this.#events.picture({ slot: stage.slot, job: card.name, unit, ...picture });
      },
      end: (end) => this.#ended(member, stage, end),
    };
  }

  #ended(member: Member, stage: Stage & { kind: 'running' }, end: CageEnd): void {
    const { key } = member.work;
    if (this.#slots[stage.slot] === member) this.#slots[stage.slot] = null;
    stage.prepared.hold.release(end.kind === 'dead');
    const runMs = (stage.run?.runMs ?? 0) - stage.beganAt;
    const blamed = member.stopped === undefined ? endReport(end, runMs, stage.log) : null;
    if (blamed !== null) this.#events.record(key, blamed);
    if (end.kind === 'starved') this.#events.trouble(givenBack(end.message));
    if (end.kind === 'dead') this.#events.trouble('The browser ended a sandbox; its work was given back.');
    this.#remove(member, member.stopped === undefined ? endReason(end) : member.stopped.reason);
  }

  #remove(member: Member, reason: string | null): void {
    const { key, card } = member.work;
    this.#members.delete(key);
    this.#events.over(key, reason);
    const jobs = new Set([...this.#members.values()].map(({ work }) => work.card.job));
    this.#parts.frames.closeIdle(card.job);
    if (!jobs.has(card.job) && jobs.size > 0) this.#pace.forget(card.job);
    this.#fill();
  }
}
