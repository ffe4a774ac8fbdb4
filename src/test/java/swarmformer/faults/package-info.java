/**
 * Runs that are killed, slowed down, starved of disk or started in odd environment. They run with
 * {@code ./mvnw verify -Plong}; {@code -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false
 * -Dit.test='swarmformer.faults.*IT'} runs them alone. Longer forms: {@code
 * -Dswarmformer.faults=each}, {@code -Dswarmformer.kills=200 -Dswarmformer.seed=1}, and {@code
 * -Dswarmformer.reviews=FILE}.
 */
package swarmformer.faults;
