/** Records as the Kinesis Producer Library packs them into one. */
import { createHash } from 'node:crypto';

export function aggregated(...records: Uint8Array[]): Uint8Array {
  const packed = records.map((data) => field(3, Buffer.concat([Uint8Array.of(8, 0), field(3, data)])));
  const content = Buffer.concat([field(1, Buffer.from('bp-1')), ...packed]);
  const digest = createHash('md5').update(content).digest();
  return Buffer.concat([Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2), content, digest]);
}

function field(number: number, content: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) break;
  }
  return Buffer.concat([Uint8Array.of(number * 8 + 2, ...length), content]);
}
