/** Types of the one function used; the package ships none. */
declare module 'asciichart' {
  export interface PlotConfig {
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly offset?: number;
    readonly padding?: string;
    readonly format?: (value: number) => string;
    readonly symbols?: readonly string[];
  }
  const asciichart: {
    plot(series: readonly number[] | readonly number[][], config?: PlotConfig): string;
  };
  export default asciichart;
}
