import { expect, test } from 'vitest';
import { LocalBus } from '../src/index.ts';

const event = Uint8Array.of(1, 2, 3);

test('BU1: an event reaches the subscribers of its topic, in order, and nobody else', () => {
  const bus = new LocalBus();
  const heard: string[] = [];
  bus.subscribe('jobs', (bytes) => heard.push(`first ${bytes.join()}`));
  bus.subscribe('jobs', (bytes) => heard.push(`second ${bytes.join()}`));
  bus.subscribe('devices', () => heard.push('another topic'));
  bus.publish('jobs', event);
  bus.publish('nobody listens', event);
  expect(heard).toEqual(['first 1,2,3', 'second 1,2,3']);
});

test('BU2: a subscription ends once, and takes no other with it', () => {
  const bus = new LocalBus();
  const heard: string[] = [];
  const listener = () => heard.push('heard');
  const end = bus.subscribe('jobs', listener);
  const endOther = bus.subscribe('jobs', listener);
  end();
  end();
  bus.publish('jobs', event);
  expect(heard).toHaveLength(1);
  endOther();
  bus.publish('jobs', event);
  expect(heard).toHaveLength(1);
  bus.subscribe('jobs', listener);
  endOther();
  bus.publish('jobs', event);
  expect(heard).toHaveLength(2);
});

test('BU3: a listener that throws harms neither the publisher nor the others, and is reported', () => {
  const reported: [string, unknown][] = [];
  const bus = new LocalBus((topic, error) => reported.push([topic, error]));
  const heard: string[] = [];
  const broken = new Error('broken');
  bus.subscribe('jobs', () => {
    throw broken;
  });
  bus.subscribe('jobs', () => heard.push('heard'));
  bus.publish('jobs', event);
  expect(heard).toEqual(['heard']);
  expect(reported).toEqual([['jobs', broken]]);
});

test('BU4: subscribing and unsubscribing while an event goes out disturbs nobody', () => {
  const bus = new LocalBus();
  const heard: string[] = [];
  const end = bus.subscribe('jobs', () => {
    heard.push('first');
    end();
    bus.subscribe('jobs', () => heard.push('late'));
  });
  bus.subscribe('jobs', () => heard.push('second'));
  bus.publish('jobs', event);
  expect(heard).toEqual(['first', 'second']);
  bus.publish('jobs', event);
  expect(heard).toEqual(['first', 'second', 'second', 'late']);
});
