export { emptied, isEmptied, withoutDevice, withoutNetwork } from './facts/forget-facts.ts';
export type { GridFact } from './facts/grid-fact.ts';
export { decodeGridFacts, encodeGridFacts } from './facts/grid-fact.ts';
export type { Decided } from './facts/job-codec.ts';
export { decodeDecisions, decodeFacts, encodeFacts } from './facts/job-codec.ts';
export type { AttemptRef, CreatedFact, JobFact, ReturnedItem, Verdict } from './facts/job-fact.ts';
export { findFaults } from './invariants.ts';
export { parseJson } from './compare/parse-json.ts';
export { sameJson } from './compare/same-json.ts';
export { withinTolerance } from './compare/tolerance.ts';
export { applyFact } from './job/apply.ts';
export type { Clearance } from './job/clearance.ts';
export { IllegalFact } from './job/illegal.ts';
export { durableBytes } from './job/durable.ts';
export { UNIT } from './job/units.ts';
export type { HashFunction } from './job/identity.ts';
export { ATTEMPT } from './job/attempts.ts';
export type { Job } from './job/job.ts';
export type { Intake, Piece } from './job/intake.ts';
export { pieceOf } from './job/intake.ts';
export { createJob, endedAt, isAwaiting, isComplete, isOpen, isOver } from './job/job.ts';
export type { Device, Kinship } from './leases/devices.ts';
export { kinship } from './leases/devices.ts';
export type { Lease } from './leases/lease.ts';
export type { Session } from './leases/session.ts';
export { readyCount } from './job/ready-count.ts';
export type { Agreements } from './rules/agreements.ts';
export type { Decision, Evidence, Rule } from './rules/rule.ts';
export { ruleFor } from './rules/rule-for.ts';
export type { ExchangeAnswer, ExchangeCommand, Held } from './scheduler/exchange.ts';
export { exchange, serveParked, unpark } from './scheduler/exchange.ts';
export { clearJobs } from './scheduler/clear.ts';
export { forgetDevice, remainderOf } from './scheduler/forget.ts';
export type { Appendix } from './scheduler/intake.ts';
export { appendInputs, closeInputs, openIntakeOf, wasAppended } from './scheduler/intake.ts';
export { loseOverdue } from './scheduler/lose.ts';
export {
  addJob,
  adoptJob,
  replaceJob,
  cancelJob,
  cancelJobs,
  foldJob,
  holdJob,
  relaxJob,
  releaseJob,
} from './scheduler/orders.ts';
export { beginRecall, holdsAttempt, noteSending } from './scheduler/recall.ts';
export { forgetRefusals, noteRefusal } from './scheduler/refusals.ts';
export { retireJob } from './scheduler/retire.ts';
export { retryJob } from './scheduler/retry.ts';
export type { Report } from './scheduler/report.ts';
export { closeSession, hearFrom, knowDevice, openSession } from './scheduler/sessions.ts';
export type { Effects, JudgementRequest, Scheduler, SchedulerOptions, Timing } from './scheduler/state.ts';
export { createScheduler, noEffects } from './scheduler/state.ts';
export type { Answer } from './scheduler/verdict.ts';
export { giveVerdict } from './scheduler/verdict.ts';
export type { DeviceAccount } from './trust/account.ts';
export type { PastAccount } from './trust/past.ts';
export { Past, pastAccountsOf } from './trust/past.ts';
export { attemptCounts, jobState, unitCounts } from './view/counts.ts';
export type { AttemptPlace, DeviceAttempt } from './view/device-attempts.ts';
export { attemptsOf } from './view/device-attempts.ts';
export { jobAttempts } from './view/job-attempts.ts';
export type { DeviceMemory } from './view/device-memory.ts';
export { memoryOf } from './view/device-memory.ts';
export { gridAccount, leasedBy, trustOf } from './view/devices.ts';
export { errorEstimate, estimateJob } from './view/estimate.ts';
export { explainDevice, explainUnit, explainWaiting, jobWaits, type Waiting, unitWaits } from './view/explain.ts';
export type { AttemptRow, UnitRow } from './view/unit.ts';
export { unitRow, unitState } from './view/unit.ts';
export { warningsOf } from './view/warnings.ts';
