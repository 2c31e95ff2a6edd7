import { describeTraceTable } from './trace-tables';

describeTraceTable('coffee.events', 'event', 'name');
