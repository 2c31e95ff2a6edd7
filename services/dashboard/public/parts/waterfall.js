import { h } from '../element.js';
import { compact, duration, money } from '../format.js';
import { tokensOf, visibleNodes } from './tree.js';

const ROW = 30;
const SPARE = 8;
const MOST_ZOOM = 10_000;
/** A page may have more than one: ids of rows are told apart by it. */
let made = 0;

/**
 * A tree of calls over time. Only the rows in view are elements, and they are used again while it
 * scrolls. Keys: arrows, Home, End, Enter; + and − zoom around the chosen node, 0 shows all.
 */
export function createWaterfall(place, tree, { onSelect }) {
  const mine = `w${(made += 1)}`;
  const closed = new Set();
  const pool = [];
  let shown = visibleNodes(tree, closed);
  let chosen = 0;
  let zoom = { from: 0, to: Math.max(1, tree.length) };
  let frame;

  const buttons = [
    ['+', 'in', 'Zoom in'],
    ['−', 'out', 'Zoom out'],
    ['All', 'all', 'Show all'],
  ].map(([text, way, label]) => {
    const button = h('button', { type: 'button', 'aria-label': label }, text);
    button.addEventListener('click', () => zoomBy(way));
    return button;
  });
  const scale = h('div', { class: 'scale', 'aria-hidden': 'true' });
  const rows = h('div', { class: 'rows', role: 'presentation' });
  const view = h(
    'div',
    {
      class: 'view',
      role: 'treegrid',
      tabindex: 0,
      'aria-label': 'Calls over time',
      'aria-colcount': 4,
    },
    rows,
  );
  place.replaceChildren(
    h(
      'div',
      { class: 'tools' },
      h('span', { class: 'quiet' }, 'Arrows move and fold, + and − zoom, Enter shows more'),
      buttons,
    ),
    h(
      'div',
      { class: 'head' },
      h('span', {}, 'Name'),
      h('span', { class: 'num' }, 'Tokens'),
      h('span', { class: 'num' }, 'Cost'),
      scale,
    ),
    view,
  );

  view.addEventListener('scroll', later, { passive: true });
  view.addEventListener('keydown', onKey);
  view.addEventListener('click', onClick);
  view.addEventListener('wheel', onWheel, { passive: false });
  const observer = new ResizeObserver(later);
  observer.observe(view);

  function later() {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      paint();
    });
  }

  function paint() {
    rows.style.height = `${shown.length * ROW}px`;
    place.style.height = `min(70vh, ${Math.max(8, tree.nodes.length) * ROW + 96}px)`;
    const first = Math.max(0, Math.floor(view.scrollTop / ROW) - SPARE);
    const last = Math.min(
      shown.length,
      Math.ceil((view.scrollTop + view.clientHeight) / ROW) + SPARE,
    );
    while (pool.length < last - first) {
      const row = createRow();
      pool.push(row);
      rows.append(row.node);
    }
    // A node keeps its row while it is in view: scrolling by one changes one row.
    for (let n = first; n < last; n += 1) pool[n % pool.length].show(shown[n], n);
    const used = new Set();
    for (let n = first; n < last; n += 1) used.add(n % pool.length);
    pool.forEach((row, n) => used.has(n) || row.hide());
    view.setAttribute('aria-rowcount', shown.length);
    const active = shown[chosen];
    if (active !== undefined) view.setAttribute('aria-activedescendant', `${mine}-${chosen}`);
    paintScale();
  }

  function paintScale() {
    const span = zoom.to - zoom.from;
    const text = [0, 0.25, 0.5, 0.75].map((part) => duration((zoom.from + span * part) / 1000));
    scale.replaceChildren(...text.map((one) => h('span', {}, one)));
  }

  function createRow() {
    const name = h('span', { class: 'label' });
    const fold = h('button', {
      type: 'button',
      class: 'fold',
      tabindex: -1,
      'aria-hidden': 'true',
    });
    const kind = h('span', { class: 'kind' });
    const tokens = h('span', { class: 'num', role: 'gridcell' });
    const cost = h('span', { class: 'num', role: 'gridcell' });
    const bar = h('span', { class: 'bar' });
    const time = h('span', { class: 'time' });
    const title = h('span', { class: 'name', role: 'gridcell' }, fold, kind, name);
    const node = h(
      'div',
      { class: 'row', role: 'row' },
      title,
      tokens,
      cost,
      h('span', { class: 'lane', role: 'gridcell' }, bar, time),
    );
    let now;
    let drawn;
    return {
      node,
      hide() {
        now = undefined;
        node.hidden = true;
      },
      show(one, index) {
        const key = `${index} ${one.id} ${closed.has(one.id)} ${zoom.from} ${zoom.to} ${index === chosen}`;
        if (now === key && drawn === one) return; // another object: it was read once more
        now = key;
        drawn = one;
        node.hidden = false;
        node.id = `${mine}-${index}`;
        node.style.transform = `translateY(${index * ROW}px)`;
        node.classList.toggle('chosen', index === chosen);
        node.dataset.index = index;
        node.setAttribute('aria-level', one.depth + 1);
        node.setAttribute('aria-rowindex', index + 1);
        node.setAttribute('aria-selected', String(index === chosen));
        if (one.children.length > 0)
          node.setAttribute('aria-expanded', String(!closed.has(one.id)));
        else node.removeAttribute('aria-expanded');
        title.style.paddingInlineStart = `${Math.min(one.depth, 24) * 14 + 6}px`;
        fold.textContent = one.children.length === 0 ? '' : closed.has(one.id) ? '▸' : '▾';
        kind.className = `kind ${one.kind}`;
        kind.textContent = one.kind;
        name.textContent = one.name ?? one.id;
        tokens.textContent = tokensOf(one) > 0 ? compact(tokensOf(one)) : '';
        cost.textContent = one.unpriced
          ? 'no price'
          : one.cost_usd === null
            ? ''
            : money(one.cost_usd);
        paintBar(one);
      },
    };

    function paintBar(one) {
      const span = zoom.to - zoom.from;
      const from = Math.max(0, (one.from - zoom.from) / span);
      const to = Math.min(1, (one.to - zoom.from) / span);
      const inside = from <= 1 && to >= 0;
      bar.className = `bar ${one.kind}${one.level === 'ERROR' ? ' bad' : ''}`;
      bar.style.visibility = inside ? 'visible' : 'hidden';
      bar.style.left = `${from * 100}%`;
      bar.style.width = `max(3px, ${Math.max(0, to - from) * 100}%)`;
      time.textContent = one.to > one.from ? duration((one.to - one.from) / 1000) : '';
      const left = to > 0.8;
      time.style.left = left ? '' : `${Math.max(0, to) * 100}%`;
      time.style.right = left ? `${(1 - from) * 100}%` : '';
      time.style.visibility = inside && !(left && from < 0.1) ? 'visible' : 'hidden';
    }
  }

  function choose(index, show = true) {
    chosen = Math.max(0, Math.min(shown.length - 1, index));
    const top = chosen * ROW;
    if (top < view.scrollTop) view.scrollTop = top;
    if (top + ROW > view.scrollTop + view.clientHeight)
      view.scrollTop = top + ROW - view.clientHeight;
    paint();
    if (show && shown[chosen] !== undefined) onSelect(shown[chosen]);
  }

  function fold(node, close) {
    if (close) closed.add(node.id);
    else closed.delete(node.id);
    shown = visibleNodes(tree, closed);
    choose(shown.indexOf(node), false);
  }

  function zoomBy(way, middle) {
    const node = shown[chosen];
    const span = zoom.to - zoom.from;
    const all = Math.max(1, tree.length);
    if (way === 'all') zoom = { from: 0, to: all };
    else {
      const around =
        middle ?? (node === undefined ? zoom.from + span / 2 : (node.from + node.to) / 2);
      const next = Math.max(all / MOST_ZOOM, Math.min(all, way === 'in' ? span / 2 : span * 2));
      const from = Math.max(
        0,
        Math.min(all - next, around - next * ((around - zoom.from) / span || 0.5)),
      );
      zoom = { from, to: from + next };
    }
    paint();
  }

  function onKey(event) {
    const node = shown[chosen];
    const page = Math.floor(view.clientHeight / ROW) - 1;
    const keys = {
      ArrowDown: () => choose(chosen + 1, false),
      ArrowUp: () => choose(chosen - 1, false),
      PageDown: () => choose(chosen + page, false),
      PageUp: () => choose(chosen - page, false),
      Home: () => choose(0, false),
      End: () => choose(shown.length - 1, false),
      ArrowLeft: () =>
        node.children.length > 0 && !closed.has(node.id)
          ? fold(node, true)
          : choose(parentOf(chosen), false),
      ArrowRight: () => (closed.has(node.id) ? fold(node, false) : choose(chosen + 1, false)),
      Enter: () => choose(chosen),
      '+': () => zoomBy('in'),
      '=': () => zoomBy('in'),
      '-': () => zoomBy('out'),
      0: () => zoomBy('all'),
    };
    if (keys[event.key] === undefined || node === undefined || event.metaKey || event.ctrlKey)
      return;
    event.preventDefault();
    keys[event.key]();
  }

  function parentOf(index) {
    for (let n = index - 1; n >= 0; n -= 1) if (shown[n].depth < shown[index].depth) return n;
    return index;
  }

  function onClick(event) {
    const row = event.target.closest('.row');
    if (row === null) return;
    const node = shown[Number(row.dataset.index)];
    if (event.target.closest('.fold') && node.children.length > 0)
      return fold(node, !closed.has(node.id));
    choose(Number(row.dataset.index));
  }

  function onWheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = scale.getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    zoomBy(event.deltaY < 0 ? 'in' : 'out', zoom.from + (zoom.to - zoom.from) * part);
  }

  paint();
  return {
    place,
    update(next) {
      const node = shown[chosen];
      const all = zoom.from === 0 && zoom.to === Math.max(1, tree.length);
      tree = next;
      shown = visibleNodes(tree, closed);
      if (all) zoom = { from: 0, to: Math.max(1, tree.length) };
      chosen = Math.max(
        0,
        shown.findIndex((one) => one.id === node?.id),
      );
      paint();
    },
    close() {
      observer.disconnect();
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}
