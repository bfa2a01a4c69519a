/** What the process of this product does: what `language_peer.py` does for PyTorch. */
import readline from 'node:readline';
import { engineOptions } from '../../../src/client/processes/engine';
import { labPaths } from '../../../src/cli/context';
import { chooseEngine } from '../../../src/trainer/engine/choose';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import type { Timed } from '../timedProcess';
import { gptStep } from './gpt';
import type { Request } from './process';
import { loraStep } from './lora';
import type { Step } from './training';

/** Answers until there are no more requests. */
export async function answer(): Promise<void> {
  await chooseEngine(engineOptions({ engine: 'native', paths: labPaths() }));
  const measure = measurer();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let told: object;
    try {
      told = { ...(await measure(JSON.parse(line) as Request)), mb: process.resourceUsage().maxRSS / 2 ** 10 };
    } catch (error) {
      // Told to the benchmark, which says who failed.
      told = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
}

function measurer(): (request: Request) => Promise<Timed> {
  let step: Promise<Step> | undefined;
  let read: readonly number[] = [];
  let gguf: ReturnType<typeof ggufLoader> | undefined;
  const timed = async (work: () => Promise<void> | void): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  return async (request) => {
    if (request.task === 'gpt' || request.task === 'lora') {
      // One process takes steps of one training.
      step ??= request.task === 'gpt' ? gptStep(request) : loraStep(request.file);
      const training = await step;
      const ms = await timed(() => {
        for (let i = 0; i < request.steps; i++) training.take();
      });
      return { ms: ms / request.steps, trained: training.trained };
    }
    gguf ??= ggufLoader({ languageModel: request.file, memoryLimitMB: Infinity });
    const model = await gguf();
    const ms = await timed(async () => {
      if (request.task === 'prompt') await model.scores((read = request.tokens));
      else for (const token of request.tokens) await model.scores((read = [...read, token]));
    });
    return { ms };
  };
}
