import type { Channel, Hint } from '@coffee-roadmap/shared/db/listener';

/** What a page is told: that something of this kind changed. It reads again under its own rights. */
export type Topic = 'roadmap' | 'notifications' | 'progress' | 'control' | 'catch_up';
export type Subscriber = (topic: Topic) => void;

/** Passes hints of one listener on to all pages, at most one of a kind in each window. */
export interface Hub {
  hint(hint: Hint): void;
  subscribe(subscriber: Subscriber): () => void;
  readonly subscribers: number;
  close(): void;
}

/** Whoever watches an agent sees each step soon enough, and a flood costs five reads a second. */
const WINDOW_MS = 200;

export const CHANNELS: Channel[] = [
  'coffee_roadmap',
  'coffee_notifications',
  'coffee_progress',
  'coffee_control',
];

export function createHub(windowMs = WINDOW_MS): Hub {
  const subscribers = new Set<Subscriber>();
  const waiting = new Map<Topic, NodeJS.Timeout>();
  const again = new Set<Topic>();

  function send(topic: Topic): void {
    for (const subscriber of subscribers) subscriber(topic);
    const timer = setTimeout(() => {
      waiting.delete(topic);
      if (again.delete(topic)) send(topic);
    }, windowMs);
    waiting.set(topic, timer);
  }

  return {
    hint({ channel }) {
      const topic = channel.replace(/^coffee_/, '') as Topic;
      if (waiting.has(topic)) again.add(topic);
      else send(topic);
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
    get subscribers() {
      return subscribers.size;
    },
    close() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
      subscribers.clear();
    },
  };
}
