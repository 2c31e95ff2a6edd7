/** `.mcp.json` of a project: what Claude Code reads there, and what is committed with it. */
import { AppError } from '@coffee-roadmap/shared/errors';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { replaceFile } from '../../replace-file';

/** The server's name there: its tools are mcp__coffee-roadmap__ask_person and so on. */
export const SERVER = 'coffee-roadmap';

/** How Claude Code starts the server. Never holds a secret. */
export interface ServerEntry {
  type: 'stdio';
  command: string;
  args: string[];
}

interface Document {
  mcpServers?: Record<string, unknown>;
  [key: string]: unknown;
}

/** The folder that holds `.git`, from here upwards; else this one. */
export function projectFolder(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git'))) return folder;
    if (folder === path.dirname(folder)) return path.resolve(from);
  }
}

export const projectFile = (folder: string): string => path.join(folder, '.mcp.json');

/** Throws `invalid_input` where the file is not what Claude Code takes. */
export function readServers(file: string): Record<string, unknown> {
  return readDocument(file).mcpServers ?? {};
}

/** Adds or replaces ours; all else stays as it is. False when nothing changed. */
export function writeServer(file: string, entry: ServerEntry): boolean {
  const document = readDocument(file);
  if (JSON.stringify(document.mcpServers?.[SERVER]) === JSON.stringify(entry)) return false;
  const mcpServers = { ...document.mcpServers, [SERVER]: entry };
  return replaceFile(file, format({ ...document, mcpServers }));
}

/** Takes ours away, and the file with it where nothing else is in it. False when it was not there. */
export function removeServer(file: string): boolean {
  const document = readDocument(file);
  if (document.mcpServers?.[SERVER] === undefined) return false;
  const others = Object.entries(document.mcpServers).filter(([name]) => name !== SERVER);
  const alone = others.length === 0 && Object.keys(document).length === 1;
  if (alone) rmSync(file);
  else replaceFile(file, format({ ...document, mcpServers: Object.fromEntries(others) }));
  return true;
}

const format = (document: Document): string => `${JSON.stringify(document, null, 2)}\n`;

function readDocument(file: string): Document {
  if (!existsSync(file)) return {};
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw notTaken(file, error);
  }
  if (!isObject(document)) throw notTaken(file);
  if (document.mcpServers !== undefined && !isObject(document.mcpServers)) throw notTaken(file);
  return document;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notTaken(file: string, cause?: unknown): AppError {
  return new AppError('invalid_input', `${file} is not a list of MCP servers`, {
    hint: 'Mend it, or move it away; nothing was changed.',
    cause,
  });
}
