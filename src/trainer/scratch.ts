import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Scratch } from '../learning/engine/port';

/** In the temporary folder, each readable by this user only. */
export const scratch: Scratch = {
  withFile: (name, bytes, work) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-step-'));
    try {
      fs.writeFileSync(path.join(folder, name), bytes);
      return work(folder);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
