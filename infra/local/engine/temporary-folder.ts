/** A folder for what the account keeps on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gone when it is removed, or when the process ends, however it does (a kill -9 apart). */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'vigil-'));
  const erase = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', erase);
  return {
    path,
    remove() {
      process.removeListener('exit', erase);
      erase();
    },
  };
}
