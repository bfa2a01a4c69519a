import * as l10n from '@vscode/l10n';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findLesson } from '../../client/lessons/catalogue';
import { LAB_FOLDER_NAME, labFolderAt, type LabFolder } from '../../client/lessons/labFolder';
import { prepareLabFolder } from '../../client/lessons/support';
import { isMadeHere } from '../../files/seal';
import { stepFailed } from '../../setup/errors';
import { serveVscode, type VscodeServer } from '../../setup/vscode';
import { plain } from '../../words/plain';
import { INTERRUPTED, terminalLocale, userPath, type CommandContext } from '../context';
import { ensureFor } from '../engines';
import { findDesktop, openDesktop } from './desktop';
import { portFor } from './port';
import { watchRuns } from './watchRuns';

export const startHelp = (): string =>
  l10n.t(`usage: npm start [-- --lesson ID] [-- --folder DIR] [-- --browser] [-- --port N]

Sets up what is missing and opens VS Code with the lab in it: desktop VS Code where "code" is on the PATH, otherwise
the browser edition on 127.0.0.1.
  --lesson ID   also runs this lesson
  --folder DIR  the folder to open (default: deep-learning-lab in the home folder)
  --browser     the browser edition, also where desktop VS Code is at hand
  --port N      the browser edition's port`);

/** Read by the extension when it starts. */
const RUN_ON_START = 'DEEP_LEARNING_LAB_RUN';

export async function start(args: readonly string[], context: CommandContext): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lesson: { type: 'string' },
      folder: { type: 'string' },
      browser: { type: 'boolean' },
      port: { type: 'string' },
    },
  });
  const { paths, stops } = context;
  const lesson = values.lesson;
  if (lesson !== undefined) await findLesson(paths, lesson, terminalLocale());
  const lab = labFolderAt(
    values.folder === undefined ? path.join(os.homedir(), LAB_FOLDER_NAME) : userPath(values.folder),
  );
  await makeLab(lab);
  const desktop = values.browser === true ? undefined : findDesktop();
  await ensureFor('auto', desktop === undefined ? ['data', 'vscode'] : ['data'], context);

  const env = { DEEP_LEARNING_LAB_CACHE: paths.cache, ...(lesson === undefined ? {} : { [RUN_ON_START]: lesson }) };
  const closed = new AbortController();
  const until = AbortSignal.any([stops.signal, closed.signal]);
  if (desktop !== undefined) {
    console.log(
      l10n.t('VS Code opens with the lab in {0}. Run the command "Deep Learning Lab: Run Lesson" there.', lab.root),
    );
    const options = { extensionDevelopmentPath: paths.root, folder: lab.root, env: { ...process.env, ...env } };
    const watching = watchRuns(lab.runs, process.stdout, until);
    await openDesktop(desktop, { ...options, signal: stops.signal }).finally(() => {
      closed.abort();
    });
    sayWhatGoesOn(await watching);
    return 0;
  }

  const state = path.join(paths.cache, 'vscode');
  const server = await serveVscode({
    paths,
    port: await portFor(values.port),
    folder: lab.root,
    extension: paths.root,
    userDataDir: path.join(state, 'user-data'),
    extensionsDir: path.join(state, 'extensions'),
    trust: isMadeHere(lab.own) ? 'folder' : false,
    env,
  });
  announce(server, lesson);
  void server.stopped.then(() => {
    closed.abort();
  });
  const active = await watchRuns(lab.runs, process.stdout, until);
  const asked = stops.signal.aborted;
  await server.stop();
  sayWhatGoesOn(active);
  if (asked) return INTERRUPTED;
  console.error(l10n.t('The browser edition of VS Code ended by itself ({0}).', (await server.stopped) ?? 'signal'));
  return 1;
}

/** Before the long set-up: a folder that cannot be made is said at once. */
async function makeLab(lab: LabFolder): Promise<void> {
  try {
    await prepareLabFolder(lab);
  } catch (error) {
    throw stepFailed(
      l10n.t('{0} cannot be written.', lab.root),
      l10n.t(
        'Give yourself the right to write there, or name another folder with --folder, and run the command again.',
      ),
      String(error),
      error,
    );
  }
}

function announce({ url }: VscodeServer, lesson: string | undefined): void {
  console.log(l10n.t('\nDeep Learning Lab is open at\n\n  {0}\n', url));
  console.log(
    lesson === undefined
      ? l10n.t('Open it in a browser, press F1 and choose "Deep Learning Lab: Run Lesson". Ctrl+C ends VS Code.')
      : l10n.t('Open it in a browser: the lesson "{0}" starts by itself. Ctrl+C ends VS Code.', lesson),
  );
}

function sayWhatGoesOn(active: readonly { readonly title: string }[]): void {
  for (const { title } of active) {
    console.log(plain(l10n.t('"{0}" trains on in the background, unless a setting says otherwise.', title)));
  }
}
