import type { DeviceView } from '@gossamer/protocol';
import type { VNode } from 'preact';
import { capacity } from '../health.ts';
import { Heading } from '../parts/heading.tsx';
import { Empty, Loading } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { devices } from '../state.ts';
import { count, plural, shortId, stamp } from '../words.ts';
import { setApart } from './signers-state.ts';

/** Those who compute first, then the newest. */
const inOrder = (all: readonly DeviceView[]): DeviceView[] =>
  all.toSorted((a, b) => Number(b.connected) - Number(a.connected) || b.number - a.number);

export const DeviceTable = ({ rows }: { rows: readonly DeviceView[] }): VNode => (
  <Table
    caption="Devices"
    rows={inOrder(rows)}
    rowKey={({ id }) => id}
    rowData={({ id, connected }) => ({
      'data-testid': 'device-row',
      'data-device': id,
      'data-connected': String(connected),
    })}
    columns={[
      {
        label: 'Device',
        cell: (device) => (
          <>
            <strong>{device.platform}</strong>
            <span class="under" title={device.id}>
              #{device.number}, {device.class} <code>{shortId(device.id)}</code>
            </span>
          </>
        ),
      },
      {
        label: 'State',
        cell: (device) => (
          <>
            <Tag word={device.connected ? 'connected' : 'away'} tone={device.connected ? 'good' : 'quiet'} />
            <span class="under idle">{device.idle ?? `first seen ${stamp(device.firstSeen).slice(0, 10)}`}</span>
          </>
        ),
      },
      { label: 'Playground', cell: (device) => <Playground device={device} /> },
      { label: 'Standing', cell: ({ trust }) => <Standing trust={trust} /> },
      { label: 'Slots', numeric: true, cell: ({ slots }) => count(slots) },
      { label: 'Leased', numeric: true, cell: ({ leased }) => count(leased) },
      { label: 'Valid', numeric: true, cell: ({ valid }) => count(valid) },
      { label: 'Invalid', numeric: true, cell: ({ invalid }) => <Trouble value={invalid} /> },
      { label: 'Waiting', numeric: true, cell: ({ waiting }) => count(waiting) },
      { label: 'Taken back', numeric: true, cell: ({ revoked }) => <Trouble value={revoked} /> },
      { label: 'Errors', numeric: true, cell: ({ errored }) => <Trouble value={errored} /> },
      {
        label: 'Credit',
        numeric: true,
        cell: ({ credit }) => credit.toLocaleString('en', { maximumFractionDigits: 1 }),
      },
    ]}
  />
);

const playgroundWord = ({ apart, optedIn }: DeviceView['playground']): string => {
  if (apart) return optedIn ? 'set apart, opted in' : 'set apart, not opted in';
  return optedIn ? 'offered by its volunteer' : 'no';
};

const Playground = ({ device }: { device: DeviceView }): VNode => {
  const { playground, number } = device;
  return (
    <>
      <Tag word={playgroundWord(playground)} tone={playground.apart ? 'warn' : 'quiet'} />
      <span class="under">
        <button
          type="button"
          class="link"
          data-testid="set-apart"
          onClick={() => void setApart(device, !playground.apart)}
        >
          {playground.apart ? 'Put back' : 'Set apart'}
          <span class="unseen"> device {number}</span>
        </button>
      </span>
    </>
  );
};

const TONE = { credible: 'good', new: 'quiet', caught: 'bad' } as const;

const Standing = ({ trust }: { trust: DeviceView['trust'] }): VNode => (
  <>
    <Tag word={trust.standing} tone={TONE[trust.standing]} />
    <span class="under">
      {plural(trust.survived, 'check')} survived
      {trust.caught > 0 && `, caught ${trust.caught === 1 ? 'once' : `${count(trust.caught)} times`}`}
    </span>
  </>
);

const Trouble = ({ value }: { value: number }): VNode => (
  <span class={value > 0 ? 'number-bad' : undefined}>{count(value)}</span>
);

export const NoDevices = (): VNode => (
  <Empty title="No device has come yet">
    <p>
      Open the <a href="/">volunteers’ page</a> in a browser, here or on another computer, and start lending.
    </p>
  </Empty>
);

export const Devices = (): VNode => {
  const all = devices.value;
  const now = all === null ? null : capacity(all);
  const lead =
    now === null
      ? undefined
      : `${plural(now.connected, 'device')} connected, with ${plural(now.slots, 'slot')} and ` +
        `${plural(now.leased, 'attempt')} leased.`;
  return (
    <div class="view">
      <Heading title="Devices" lead={lead} />
      {all === null && <Loading />}
      {all !== null && (all.length === 0 ? <NoDevices /> : <DeviceTable rows={all} />)}
      {all !== null && all.length > 0 && (
        <p class="hint">
          Valid results agreed with the canonical one, invalid ones were outvoted; waiting ones still need a second
          opinion. Credit is given for valid results only, and taken back where only devices that were caught later had
          vouched for them. A device that has survived enough checks is credible: adaptive jobs check only some of its
          results. A device that is set apart runs programs that nobody vetted, once its volunteer has opted in, and
          nothing else.
        </p>
      )}
    </div>
  );
};
