import * as msgpack from 'socket.io-msgpack-parser';
import { checkPacket, PacketError } from './check-packet.ts';

/** Names by which socket.io tells its own listeners: from outside they would end a session whose socket lives on. */
const RESERVED = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

interface Packet {
  type: msgpack.PacketType;
  data?: unknown[];
}

/** Decodes what was checked, and nothing else. What it throws ends the connection. */
class CheckedDecoder extends msgpack.Decoder {
  override add(packet: unknown): void {
    if (!(packet instanceof Uint8Array)) throw new PacketError('it is text');
    checkPacket(packet);
    super.add(packet);
  }

  override checkPacket(decoded: Packet): void {
    super.checkPacket(decoded);
    if (decoded.type !== msgpack.PacketType.EVENT) return;
    const name = decoded.data?.[0];
    if (typeof name !== 'string' || RESERVED.has(name)) throw new PacketError('it is no event of a device');
  }
}

/** socket.io's parser for msgpack, with a decoder that is not led to allocate what a packet merely promises. */
export const parser = { protocol: msgpack.protocol, Encoder: msgpack.Encoder, Decoder: CheckedDecoder };
