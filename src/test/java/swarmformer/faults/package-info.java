/**
 * Runs that are killed, slowed down, starved of disk or started in odd surroundings. The long forms
 * of these tests: {@code ./mvnw verify -Dit.test='swarmformer.faults.*IT'} with {@code
 * -Dswarmformer.faults=each}, {@code -Dswarmformer.kills=200 -Dswarmformer.seed=1} or {@code
 * -Dswarmformer.reviews=FILE}.
 */
package swarmformer.faults;
