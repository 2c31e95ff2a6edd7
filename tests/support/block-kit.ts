/** Slack's own limits on what may be posted; a message beyond them is refused whole. */

type Json = Record<string, unknown>;

const TEXT_LIMITS: Record<string, number> = { header: 150, section: 3000, context: 2000 };

/** What is wrong with these blocks, in words; empty when Slack would take them. */
export function blockProblems(blocks: unknown, most = 50): string[] {
  if (!Array.isArray(blocks)) return ['blocks are no list'];
  const problems: string[] = [];
  if (blocks.length > most) problems.push(`${blocks.length} blocks`);
  const ids = new Set<string>();
  for (const block of blocks as Json[]) {
    const id = block.block_id as string | undefined;
    if (id !== undefined && ids.has(id)) problems.push(`block_id ${id} twice`);
    if (id !== undefined) ids.add(id);
    problems.push(...blockProblem(block));
  }
  return problems;
}

function blockProblem(block: Json): string[] {
  const type = String(block.type);
  const limit = TEXT_LIMITS[type] ?? 0;
  const elements = (block.elements ?? []) as Json[];
  switch (type) {
    case 'header':
    case 'section':
      return textProblem(type, block.text as Json, limit);
    case 'context':
      return [
        ...(elements.length < 1 || elements.length > 10 ? ['context elements'] : []),
        ...elements.flatMap((element) => textProblem('context', element, limit)),
      ];
    case 'actions':
      return [
        ...(elements.length < 1 || elements.length > 25 ? ['actions elements'] : []),
        ...elements.flatMap(elementProblem),
      ];
    case 'input':
    case 'divider':
      return [];
    default:
      return [`unknown block ${type}`];
  }
}

function elementProblem(element: Json): string[] {
  const type = String(element.type);
  const options = (element.options ?? []) as Json[];
  const problems: string[] = [];
  if (type === 'button') {
    problems.push(...textProblem('button', element.text as Json, 75));
    if (String(element.value).length > 2000) problems.push('value of a button');
  }
  if (type === 'checkboxes' && options.length > 10) problems.push('more than 10 checkboxes');
  if (type !== 'button' && (options.length < 1 || options.length > 100)) problems.push('options');
  for (const option of options) {
    problems.push(...textProblem('option', option.text as Json, 75));
    if (String(option.value).length > 150) problems.push('value of an option');
  }
  return problems;
}

function textProblem(where: string, text: Json | undefined, limit: number): string[] {
  const value = String(text?.text ?? '');
  if (value.length < 1 || value.length > limit) return [`${where}: ${value.length} characters`];
  if (where === 'header' && text?.type !== 'plain_text') return ['a header in markup'];
  return [];
}
