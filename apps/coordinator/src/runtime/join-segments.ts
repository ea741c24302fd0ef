import type { Segment } from '@gossamer/store';

/** Bodies that become one have so many bytes at the most: a reader of one result reads all of it. */
export const MOST_SEGMENT_BYTES = 256 * 1024;

interface Part {
  readonly segment: Segment;
  readonly isJoinable: boolean;
}

/** A segment as it is written, and what it holds. */
export interface Joined<Member> {
  readonly segment: Segment;
  readonly members: Member[];
}

interface Run<Member> {
  readonly members: Member[];
  bytes: number;
}

const concatenated = (bodies: readonly Uint8Array[], bytes: number): Uint8Array => {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const body of bodies) {
    whole.set(body, at);
    at += body.byteLength;
  }
  return whole;
};

/**
 * The segments of one commit with those of a shard joined that follow each other: a row costs the writer as much as fifty
 * small facts.
 */
export const joinSegments = <Member extends Part>(parts: readonly Member[]): Joined<Member>[] => {
  const runs: Run<Member>[] = [];
  const open = new Map<number, Run<Member>>();
  for (const part of parts) {
    const { shard, epoch, body } = part.segment;
    const run = open.get(shard);
    const fits =
      run !== undefined &&
      part.isJoinable &&
      run.members[0]!.isJoinable &&
      run.members[0]!.segment.epoch === epoch &&
      run.bytes + body.byteLength <= MOST_SEGMENT_BYTES;
    if (fits) {
      run.members.push(part);
      run.bytes += body.byteLength;
      continue;
    }
    const begun = { members: [part], bytes: body.byteLength };
    runs.push(begun);
    open.set(shard, begun);
  }
  return runs.map(({ members, bytes }) => {
    const [first] = members;
    if (members.length === 1) return { segment: first!.segment, members };
    const body = concatenated(
      members.map(({ segment }) => segment.body),
      bytes,
    );
    const n = members.reduce((sum, { segment }) => sum + segment.n, 0);
    return { segment: { ...first!.segment, n, body }, members };
  });
};
