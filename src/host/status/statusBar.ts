import * as vscode from 'vscode';
import type { App } from '../app/app';
import type { LessonLibrary } from '../state/library';
import { lessonText } from '../lessons/stateText';
import type { LessonStates } from '../lessons/states';
import { figure } from '../../words/numbers';
import { epochText, stateText } from '../../words/runs';
import { timeLeft } from '../../words/times';
import type { Glance } from '../state/glance';
import type { TrainerPool } from '../state/pool';
import { isActive, phaseOf } from '../state/session';

interface Services {
  readonly app: App;
  readonly pool: TrainerPool;
  readonly glance: Glance;
  readonly library: LessonLibrary;
  readonly states: LessonStates;
}

/** While something trains: lesson, epoch, loss, time left. A click opens the panel. */
export function showInStatusBar({ app, pool, glance, library, states }: Services): void {
  const item = app.lifetime.add(
    vscode.window.createStatusBarItem('deepLearningLab.training', vscode.StatusBarAlignment.Left, 10),
  );
  item.name = vscode.l10n.t('Deep Learning Lab: Training');
  item.command = 'deepLearningLab.openPanel';
  app.lifetime.add(
    glance.onDidChange(() => {
      const session = pool.current();
      app.contexts.set('deepLearningLab.run', phaseOf(session));
      if (!isActive(session)) {
        item.hide();
        return;
      }
      const { record } = session.run;
      const parts = [library.headingOf(record)];
      const doing = session.activity?.text;
      if (doing !== undefined) parts.push(doing);
      else if (record.state === 'preparing') parts.push(stateText(record.state));
      else parts.push(epochText(record));
      const { loss } = record.latest;
      if (loss !== undefined) parts.push(`loss ${figure(loss)}`);
      if (record.state === 'paused') parts.push(stateText(record.state));
      else if (record.progress.secondsLeft !== null) parts.push(timeLeft(record.progress.secondsLeft));
      const icon = { preparing: '$(loading~spin)', training: '$(pulse)', paused: '$(debug-pause)' };
      const text = parts.join(' · ');
      item.text = `${icon[record.state as keyof typeof icon]} ${text}`;
      item.accessibilityInformation = { label: vscode.l10n.t('Training: {0}', parts.join(', ')), role: 'button' };
      item.tooltip = vscode.l10n.t('Open the lab panel');
      item.show();
      const lesson = record.lesson === undefined ? undefined : library.known(record.lesson);
      if (lesson === undefined) return;
      void states.of(lesson).then(
        (state) => {
          item.tooltip = `${lesson.title} · ${lessonText(lesson, state)}`;
        },
        () => undefined, // the Lessons view says why
      );
    }),
  );
}
