import { get, post } from './api.js';
import { h } from './element.js';
import { listenLive } from './live.js';
import { morphChildren } from './morph.js';
import { findPage } from './pages/pages.js';
import { bar } from './parts/bar.js';
import { toast } from './toast.js';

const main = document.getElementById('main');
const header = document.getElementById('bar');
const state = { me: undefined, live: 'waiting', page: undefined, params: {}, data: undefined };
let reading;
let readAgain = false;
let version = 0;

function drawBar() {
  const fresh = h('div', {}, bar(state));
  morphChildren(header, fresh);
}

function draw() {
  const { page, data, params } = state;
  const fresh = h('div', {}, page.view(data, { params, me: state.me, search }));
  morphChildren(main, fresh);
  main.removeAttribute('aria-busy');
  page.drawn?.(main, data, actionContext);
  document.title = `${page.badge?.(data) ?? ''}${page.title(data)} · Coffee Roadmap`;
}

const search = {
  get: (name) => new URLSearchParams(location.search).get(name),
  all: () => new URLSearchParams(location.search),
  set: (name, value) => search.change({ [name]: value }),
  /** Changes parts of the address (null: takes one away) and reads again. */
  change(parts) {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(parts)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    history.replaceState(null, '', url);
    return refresh();
  },
};

const actionContext = { refresh: () => refresh(), search, draw, toast, state };

/** Reads what the page shows; a hint that comes meanwhile makes it read once more. */
function refresh() {
  readAgain = true;
  reading ??= readAll().finally(() => {
    reading = undefined;
  });
  return reading;
}

async function readAll() {
  while (readAgain) {
    readAgain = false;
    const mine = version;
    try {
      const data = await state.page.load(state.params, search);
      if (mine === version) {
        state.data = data;
        draw();
      }
    } catch (error) {
      if (mine === version) await failed(error);
    }
  }
}

async function failed(error) {
  if (error.code === 'signed_out') {
    state.me = { ...state.me, signed_in: false };
    return show(location.pathname);
  }
  if (error.code === 'not_reachable' && state.data !== undefined) return; // what is shown stays
  const text = h(
    'section',
    { class: 'empty' },
    h('h1', {}, error.message),
    h('p', {}, error.hint ?? ''),
  );
  morphChildren(main, h('div', {}, text));
  main.removeAttribute('aria-busy');
}

async function show(path) {
  state.page?.left?.();
  const { page, params } = findPage(path, state.me);
  version += 1;
  Object.assign(state, { page, params, data: undefined });
  main.replaceChildren();
  main.setAttribute('aria-busy', 'true');
  document.body.dataset.page = page.name;
  drawBar();
  await refresh();
}

async function go(path, options = {}) {
  if (options.replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  await show(location.pathname);
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="/"]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (link === null || !plain || link.hasAttribute('download')) return;
  event.preventDefault();
  void go(link.getAttribute('href'));
});

/** What a page can do is named in data-action; one listener serves all that will be drawn. */
async function act(event) {
  const target = event.target.closest('[data-action]');
  if (target === null) return;
  const fits = { click: 'BUTTON', submit: 'FORM', change: 'SELECT' }[event.type];
  if (target.nodeName !== fits) return;
  const action = { ...COMMON, ...state.page.actions }[target.dataset.action];
  if (action === undefined) return;
  event.preventDefault();
  if (target.getAttribute('aria-busy') === 'true') return;
  target.setAttribute('aria-busy', 'true');
  try {
    await action(target, actionContext);
  } catch (error) {
    if (error.code === 'signed_out') await failed(error);
    else toast(error.message, 'bad', error.hint);
    void refresh();
  } finally {
    target.removeAttribute('aria-busy');
  }
}
for (const type of ['click', 'submit', 'change']) document.addEventListener(type, act);

const COMMON = {
  theme() {
    const { dataset } = document.documentElement;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const now = dataset.theme ?? (dark ? 'dark' : 'light');
    dataset.theme = now === 'dark' ? 'light' : 'dark';
    localStorage.setItem('theme', dataset.theme);
    if (state.data !== undefined) draw();
  },
  async 'sign-out'() {
    await post('/api/sign-out');
    state.me = { ...state.me, signed_in: false };
    await go('/');
  },
};

/** Tries again until the server answers. */
async function whoAmI() {
  for (;;) {
    try {
      return await get('/api/me');
    } catch (error) {
      if (state.data === undefined) await failed(error);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

async function start() {
  // The one secret that is ever in an address, and never sent as a part of one.
  const code = location.pathname === '/sign-in' ? location.hash.slice(1) : '';
  if (code !== '') {
    history.replaceState(null, '', '/');
    try {
      await post('/api/sign-in', { code });
    } catch (error) {
      toast(error.message, 'bad', error.hint);
    }
  }
  state.me = await whoAmI();
  await show(location.pathname);
  listenLive({
    onState(live) {
      state.live = live;
      drawBar();
    },
    onChange(topic) {
      const topics = state.page.topics ?? [];
      if (topic === 'catch_up' || topics.includes(topic)) void refresh();
    },
  });
}

addEventListener('popstate', () => void show(location.pathname));
// "5 min ago" becomes "6 min ago" without anything happening.
setInterval(
  () => state.data !== undefined && !document.hidden && state.page.ages && draw(),
  15_000,
);
void start();
