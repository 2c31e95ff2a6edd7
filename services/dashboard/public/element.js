/**
 * Makes an element. `props`: attributes; `class` may be a list; `style` an object; `on…` is not for here,
 * pages listen to data-action instead. Children: nodes, texts, lists of them; null and false are left out.
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  append(node, children);
  return node;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An icon: paths of 20 by 20. */
export function icon(name, label) {
  const node = document.createElementNS(SVG, 'svg');
  node.setAttribute('viewBox', '0 0 20 20');
  node.setAttribute('class', 'icon');
  if (label === undefined) node.setAttribute('aria-hidden', 'true');
  else {
    node.setAttribute('role', 'img');
    node.setAttribute('aria-label', label);
  }
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  node.append(path);
  return node;
}

const ICONS = {
  now: 'M11 2 4 11h5l-1 7 8-10h-5z',
  roadmap: 'M3 4h4v12H3zM8.500 4h4v8h-4zM14 4h3v5h-3z',
  traces: 'M3 5h7M6 10h9M10 15h7',
  time: 'M10 2.500a7.500 7.500 0 1 1 0 15 7.500 7.500 0 0 1 0-15zM10 5.500V10l3 2',
  analytics: 'M3 17V9h3v8zM8.500 17V3h3v14zM14 17v-6h3v6z',
  billing: 'M5 2h10v16l-2.500-1.500L10 18l-2.500-1.500L5 18zM8 6h4M8 9h4M8 12h2',
  phrases: 'M3 4h14v9H9l-4 4v-4H3z',
  sun: 'M10 6.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM10 2v2M10 16v2M2 10h2M16 10h2M4.500 4.500 6 6M14 14l1.500 1.500M15.500 4.500 14 6M6 14l-1.500 1.500',
  pause: 'M6 4h3v12H6zM11 4h3v12h-3z',
  play: 'M6 4l10 6-10 6z',
  person:
    'M10 3a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM3.500 17c.7-3.500 3.200-5 6.500-5s5.800 1.500 6.500 5',
  leave: 'M8 4H4v12h4M12 6l4 4-4 4M16 10H8',
  down: 'M5 8l5 5 5-5',
  download: 'M10 3v9M6 9l4 4 4-4M4 16h12',
};

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === 'class') node.className = [value].flat().filter(Boolean).join(' ');
  else if (name === 'style') {
    for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  } else if (name === 'value') node.value = value;
  else node.setAttribute(name, value === true ? '' : String(value));
}

function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child !== null && child !== undefined && child !== false) node.append(child);
  }
}
