/** Style sheets are for the build. */
declare module '*.css';
