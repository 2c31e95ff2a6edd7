import { AppError } from '@coffee-roadmap/shared/errors';
import type { DayUpload } from '@coffee-roadmap/shared/phrases/queries';
import type { Request } from 'express';

/** Older clients name two patterns otherwise. */
const LEGACY: Record<string, string> = { count: 'absolutely', right_count: 'right' };
const NO_PATTERNS = new Set(['day', 'workstation_id', 'secret', 'total_messages']);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The original's body: day, workstation_id, secret, and every other whole number is a pattern. */
export function parseUpload(request: Request): DayUpload {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('invalid_input', 'the body is no JSON object');
  const { day, workstation_id, secret, total_messages } = body as Record<string, unknown>;
  if (typeof day !== 'string' || !DAY.test(day))
    throw new AppError('invalid_input', 'day has to be like 2025-10-26');
  if (typeof workstation_id !== 'string' || workstation_id.trim() === '')
    throw new AppError('invalid_input', 'workstation_id is missing');
  const patterns: Record<string, number> = {};
  for (const [name, value] of Object.entries(body))
    if (!NO_PATTERNS.has(name) && typeof value === 'number') patterns[LEGACY[name] ?? name] = value;
  return {
    secret: bearerOf(request) ?? (typeof secret === 'string' ? secret : ''),
    day,
    workstation: workstation_id,
    patterns,
    total: typeof total_messages === 'number' ? total_messages : 0,
  };
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,200})$/.exec(request.get('authorization') ?? '')?.[1];
}
