/**
 * Makes `old` look like `fresh` with as few changes as it can, so that focus, selection, scrolling and
 * what somebody is typing stay. Children are matched by `data-key`, else by their place. What carries
 * `data-keep` looks after its own inside.
 */
export function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  morphAttributes(old, fresh);
  if (!old.hasAttribute('data-keep')) morphChildren(old, fresh);
}

/** The inside of `old` becomes the inside of `fresh`. */
export function morphChildren(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) {
    if (child.dataset?.key !== undefined) keyed.set(child.dataset.key, child);
  }
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = next.dataset?.key;
    const match = key === undefined ? undefined : keyed.get(key);
    if (match !== undefined) {
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      morph(match, next);
      continue;
    }
    const free = at !== null && at.dataset?.key === undefined && key === undefined;
    if (!free) {
      old.insertBefore(next, at);
      continue;
    }
    const after = at.nextSibling;
    morph(at, next);
    at = after;
  }
  while (at !== null) {
    const after = at.nextSibling;
    at.remove();
    at = after;
  }
}

/** Set by the person who looks, not by what the server says. */
const OWN_STATE = { DETAILS: ['open'], DIALOG: ['open'] };

function morphAttributes(old, fresh) {
  const own = OWN_STATE[old.nodeName] ?? [];
  for (const { name } of [...old.attributes]) {
    if (name !== 'style' && !fresh.hasAttribute(name) && !own.includes(name))
      old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name === 'style' || own.includes(name)) continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  // Through the object: a style attribute is refused by the page's policy.
  if (old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
}
