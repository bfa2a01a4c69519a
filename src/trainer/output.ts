/** The process's stdout and stderr go to its log file; what the learner's code prints is shown to clients as well. */
export function teeOutput(onText: (stream: 'stdout' | 'stderr', text: string) => void): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const target = process[stream];
    const write = target.write.bind(target) as (...args: unknown[]) => boolean;
    target.write = (...args: unknown[]): boolean => {
      const [chunk] = args;
      onText(stream, typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString());
      return write(...args);
    };
  }
}
