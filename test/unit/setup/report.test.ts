import assert from 'node:assert/strict';
import { Reporter } from '../../../src/setup/report';

class Screen {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 60,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

describe('the progress of set-up', () => {
  it('is plain lines without a terminal, one for each phase however often its figures change', async () => {
    const screen = new Screen(false);
    await new Reporter(screen).task('Engine', (report) => {
      for (const bytes of [1, 20, 300]) report.update(`downloading: ${bytes} MB`, bytes / 300);
      report.update('compiling');
      return Promise.resolve();
    });
    assert.match(screen.text, /^Engine …\n {2}downloading: 1 MB\n {2}compiling\n✓ Engine \(\d+\.\d s\)\n$/);
    assert.ok(!screen.text.includes('\x1b'));
  });

  it('is one live line on a terminal, never wider than it, and one line in the end', async () => {
    const screen = new Screen(true, 30);
    await new Reporter(screen).task('Engine', async (report) => {
      report.update('downloading something with a long name', 0.5);
      await new Promise((resolve) => setTimeout(resolve, 250));
    });
    const lines = screen.text.split('\r\x1b[2K').slice(1);
    assert.ok(lines.length >= 3);
    for (const line of lines.slice(0, -1)) assert.ok(line.length < 30 && !line.includes('\n'), JSON.stringify(line));
    assert.match(lines.at(-1)!, /^✓ Engine \(\d+\.\d s\)\n$/);
  });

  it('is never wider than the terminal in Chinese either, whose characters are two columns wide', async () => {
    const screen = new Screen(true, 31);
    await new Reporter(screen).task('引擎', async (report) => {
      report.update('正在下载一个名称很长很长很长很长的文件', 0.5);
      await new Promise((resolve) => setTimeout(resolve, 250));
    });
    const drawn = screen.text.split('\r\x1b[2K').slice(1, -1).at(-1)!;
    const columns = Array.from(drawn).reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);
    assert.ok(columns === 29 || columns === 30, `${columns}: ${drawn}`);
  });

  it('marks what failed, and passes the error on', async () => {
    const screen = new Screen(false);
    const failing = new Reporter(screen).task('Engine', () => Promise.reject(new Error('no')));
    await assert.rejects(failing, /no/);
    assert.match(screen.text, /✗ Engine\n$/);
  });
});
