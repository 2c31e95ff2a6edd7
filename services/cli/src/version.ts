/** Of this program; what it exports says so. */
export const VERSION = '0.1.0';
