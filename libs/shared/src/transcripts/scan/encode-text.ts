import { makeRecordId } from '../../records/record-id';
import { serialiseRecord } from '../../records/serialise-record';
import { MOST_TEXT } from '../../records/shapes';
import { maskSecrets } from '../../traces/mask-secrets';
import { F, type FieldName, type LineFields } from './line-fields';
import { cleanId, decodeText } from './record-bytes';

/** So much is looked at for secrets; what is kept of it is far shorter. */
const LOOKED_AT = 8 * MOST_TEXT;

/** A record with what stands in the line, secrets masked and shortened; undefined where nothing does. */
export function encodeText(
  machineId: string,
  role: 'user' | 'assistant',
  { b, f, at }: { b: Buffer; f: LineFields; at: string },
): string | undefined {
  const id = (field: FieldName): string | null =>
    f.has(field) && f.at[field] !== f.to[field]
      ? cleanId(decodeText(b, f.at[field]!, f.to[field]!))
      : null;
  const line_uuid = id(F.uuid);
  if (line_uuid === null) return undefined;
  const text = maskSecrets(written(b, f).slice(0, LOOKED_AT))
    .slice(0, MOST_TEXT)
    .replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, '\ufffd');
  if (text.trim() === '') return undefined;
  const [source, type] = ['claude', 'message_text'] as const;
  return `${serialiseRecord({
    v: 1,
    id: makeRecordId({ machineId, source, type, at, discriminator: line_uuid }),
    at,
    type,
    source,
    role,
    message_id: id(F.messageId),
    line_uuid,
    session_id: id(F.session),
    text,
  })}\n`;
}

function written(b: Buffer, f: LineFields): string {
  if (f.content > 0) return decodeText(b, f.content, f.contentTo);
  const parts: string[] = [];
  for (let i = 0; i < f.textCount; i += 2) parts.push(decodeText(b, f.texts[i]!, f.texts[i + 1]!));
  return parts.join('\n\n');
}
