/** A call that the allow-list refuses; where it stands in the script is added by who prepares it. */
export class RefusedStep extends Error {}
