/** Thrown when the numbers of an append (or of a snapshot) do not continue the log; nothing was written. */
export class SequenceGap extends Error {
  override readonly name = 'SequenceGap';
}

/** Thrown at opening when another process, or another store of this one, owns the data. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse';
}

/** Thrown at opening when the data was written by a newer version of this program. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew';
}

/** Thrown by every call after `close`. */
export class StoreClosed extends Error {
  override readonly name = 'StoreClosed';
}

/** Thrown when the read model's file turned out to be damaged in use: it was deleted, the next start builds it again. */
export class ReadModelDamaged extends Error {
  override readonly name = 'ReadModelDamaged';
}
