import {
  findNodeContent,
  findTrace,
  listTraceNodes,
  NODE_COLUMNS,
} from '@coffee-roadmap/shared/dashboard/trace-queries';
import { listTraces } from '@coffee-roadmap/shared/traces/person-queries';
import { AppError } from '@coffee-roadmap/shared/errors';
import { Router, type Request } from 'express';
import { asPerson, type RouteContext } from './context';

const TRACES_SHOWN = 100;

/** The last traces; a trace with the outline of its nodes, and the content of one. */
export function traceRoutes(context: RouteContext): Router {
  const routes = Router();
  routes.get(
    '/traces',
    asPerson(context, async (session) => ({
      traces: await listTraces(session, { limit: TRACES_SHOWN }),
    })),
  );
  routes.get(
    '/traces/:project/:trace',
    asPerson(context, async (session, request) => {
      const { projectId, traceId } = placeOf(request);
      const trace = await findTrace(session, projectId, traceId);
      if (trace === undefined) throw missing();
      return {
        trace,
        columns: NODE_COLUMNS,
        rows: await listTraceNodes(session, projectId, traceId, firstOf(request)),
      };
    }),
  );
  routes.get(
    '/traces/:project/:trace/nodes/:kind/:id',
    asPerson(context, async (session, request) => {
      const { kind, id } = request.params as { kind: string; id: string };
      const content = await findNodeContent(session, { ...placeOf(request), kind, id });
      if (content === undefined) throw missing();
      return content;
    }),
  );
  return routes;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function placeOf({ params }: Request): { projectId: string; traceId: string } {
  const { project, trace } = params as { project: string; trace: string };
  if (!UUID.test(project) || trace.includes('\0')) throw missing();
  return { projectId: project, traceId: trace };
}

/** How many nodes, from the beginning; undefined: all. */
function firstOf({ query }: Request): number | undefined {
  return typeof query.first === 'string' && /^[0-9]{1,5}$/.test(query.first)
    ? Number(query.first)
    : undefined;
}

const missing = (): AppError => new AppError('not_found', 'there is no such trace');
