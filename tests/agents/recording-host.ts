/** The daemon's side of a run, as a test sees it. */
import type {
  AgentEvent,
  AgentHost,
  AgentQuestion,
  AgentUsage,
} from '@coffee-roadmap/shared/agents/agent';

export interface RecordingHost extends AgentHost {
  events: AgentEvent[];
  questions: AgentQuestion[];
  /** Summaries of the steps so far, each with its kind. */
  steps(): string[];
  usage(): AgentUsage | undefined;
}

type Reply = (question: AgentQuestion) => string | Promise<string>;

/** Answers as `reply` says; without it nobody answers, ever. */
export function createRecordingHost(reply?: Reply): RecordingHost {
  const events: AgentEvent[] = [];
  const questions: AgentQuestion[] = [];
  return {
    events,
    questions,
    onEvent: (event) => void events.push(event),
    async ask(question) {
      questions.push(question);
      const answer = await (reply ? reply(question) : new Promise<string>(() => undefined));
      return { answer, answeredBy: 'a person' };
    },
    steps: () =>
      events.flatMap((event) => (event.type === 'step' ? [`${event.kind} ${event.summary}`] : [])),
    usage: () => events.flatMap((event) => (event.type === 'usage' ? [event.usage] : [])).at(-1),
  };
}
