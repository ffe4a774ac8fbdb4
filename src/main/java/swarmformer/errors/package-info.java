/**
 * What may go wrong, as types with a code; every package may throw them, one place tells them.
 * Those that one package throws are there.
 */
package swarmformer.errors;
