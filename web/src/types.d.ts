/** What the modules of the page share: `site.json` as the build writes it, the site's files, a model, a drawing. */

/** Geometry and grey levels of the model's input, and its classes: `train/contract.py` as JSON. */
export interface Contract {
  height: number;
  width: number;
  channels: number;
  /** Side of the box that the drawing is scaled to, in pixels. */
  box: number;
  /** Where the centre of mass goes, as a fraction of the height and of the width. */
  centre: number;
  background: number;
  ink: number;
  labels: string[];
}

/** What the model's outputs mean: one class of all, any number of labels, or numbers that are no probabilities. */
export interface Output {
  kind: "softmax" | "sigmoids" | "values";
  /** From this probability on, people may take a class for granted; below it the page names the second one too. */
  confident: number;
  /** Below this probability the page names no digit; 0 where any is named, as of everything but drawings. */
  known_from: number;
}

export interface Site {
  contract: Contract;
  output: Output;
  /** "mnist", "pen", or the name of another data set. */
  dataset: string;
  /** Accuracy of the reference model, 0..1; null where it was not measured. */
  reference_accuracy: number | null;
  check: Check;
  /** The exported models. The page starts with the first. */
  variants: Variant[];
}

export interface Check {
  /** All pictures one after the other, one byte a pixel, in base64. */
  pictures: string;
  /** The largest accepted difference of a probability, as browsers round differently. */
  tolerance: number;
}

export interface Variant {
  /** As in the manifest. */
  target: string;
  /** Type in which its weights are stored. */
  weights: string;
  /** Address of its `model.json`. */
  url: string;
  bytes: number;
  parity: Parity;
  /** Its probabilities for the check's pictures, as recorded by the build. */
  answers: number[][];
}

/** How an exported model compares with the reference model on the test split. */
export interface Parity {
  runtime: string;
  samples: number;
  max_abs_diff: number;
  /** Null where there are no classes. */
  top1_agreement: number | null;
  accuracy: number | null;
}

export interface Files {
  /** Path of `site.json`. */
  site: string;
  /** Rejects with a SiteError if there is no such file. */
  read(path: string): Promise<ArrayBuffer>;
  /** Likewise. */
  loadRuntime(): Promise<typeof import("./runtime/runtime.js")>;
}

export interface Model {
  /** Shape of one input, without the batch: height, width, channels. */
  inputShape: number[];
  /** Length of one prediction. */
  classes: number;
  /**
   * From `count` pictures (count x height x width x channels, in the contract's grey levels) to their
   * probabilities (count x classes, 0..1).
   */
  predict(pixels: Float32Array, count: number): Float32Array;
}

/** What the model sees. */
export interface Seen {
  /** Its inputs, height x width x channels grey levels each: those of digits from left to right. */
  pictures: Uint8Array[];
  /** Why no answer can be right, whatever the model says; empty if one can. */
  refusal: string;
}

/** What a prediction says. */
export interface Reading {
  headline: string;
  certainty: string;
  /** Probability of the headline in percent; empty where the headline has none. */
  confidence: string;
  /** Of the picture in which the model is least confident, if there are several. */
  rows: Row[];
  /** Which of several that is, such as “digit no. 2”; empty if there is one. */
  which?: string;
}

/** What predictions, one after the other, say of the pictures that they are for. */
export type Read = (seen: Seen, outputs: Float32Array) => Reading;

/** One output of a model. */
export interface Row {
  name: string;
  /** The probability, 0..1; undefined for a number that is none. */
  fraction?: number;
  figure: string;
  best: boolean;
}

/** Sides in pixels. */
export interface Size {
  height: number;
  width: number;
}

/** A part of a picture. */
export interface Crop extends Size {
  top: number;
  left: number;
}

/** Coordinates in fractions of the canvas's side: 0..1, outside when the pen left the canvas. */
export interface Point {
  x: number;
  y: number;
}

/** Ink in rows x columns, row by row: 0 is bare paper, 0xff is full ink. */
export interface Drawing {
  data: Uint8Array | Uint8ClampedArray;
  rows: number;
  columns: number;
}

declare global {
  // The build defines these for the service worker, and these are what a worker has other than a window.
  const FILES: string[];
  const VERSION: string;
  const registration: ServiceWorkerRegistration;
  function skipWaiting(): Promise<void>;
  interface ExtendableEvent extends Event {
    waitUntil(work: Promise<unknown>): void;
  }
  interface FetchEvent extends ExtendableEvent {
    request: Request;
    respondWith(response: Promise<Response>): void;
  }
  interface WindowEventMap {
    install: ExtendableEvent;
    activate: ExtendableEvent;
    fetch: FetchEvent;
  }
}
