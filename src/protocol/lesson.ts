/** What the catalogue knows of a lesson: the front matter of samples/<id>/lesson.lab.md. */
export interface Lesson {
  /** The folder's name. */
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Typical time for a learner, minutes. */
  readonly minutes: number;
  /** Place in the course. */
  readonly order: number;
  /** The model file that Run Lesson trains, relative to the folder. */
  readonly model: string;
  /** Whether it is about the language model that set-up brings: `needs: languageModel`. */
  readonly needsLanguageModel: boolean;
  /** Whether one can talk to its model: its experiment has a `chat`. */
  readonly hasChat: boolean;
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Absolute path of its notebook in the user's language. */
  readonly notebook: string;
}
