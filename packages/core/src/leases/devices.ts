import type { Capabilities, DeviceClass, Independence } from '@gossamer/protocol';

/** What the core knows of a device. */
export interface Device {
  readonly number: number;
  readonly id: string;
  /** Who owns it; a volunteer without a name is known by the device alone. */
  readonly volunteer: string;
  /** A keyed hash of the network prefix it was last seen at; null on loopback, which counts as no prefix. */
  prefix: string | null;
  readonly class: DeviceClass;
  capabilities: Capabilities;
  /** The operator set it apart for the playground. */
  apart: boolean;
  /** Its volunteer lets it run what nobody vetted. */
  optedIn: boolean;
}

export type Kinship = keyof Independence;

/** Why replicas of one unit may not go to both devices; null when they may. */
export const kinship = (a: Device, b: Device, independence: Independence): Kinship | null => {
  if (a.number === b.number) return independence.device ? 'device' : null;
  if (independence.volunteer && a.volunteer === b.volunteer) return 'volunteer';
  if (independence.prefix && a.prefix !== null && a.prefix === b.prefix) return 'prefix';
  return null;
};
