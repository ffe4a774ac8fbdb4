/** Where rows come from and go to: texts in, predictions out, published whole or not at all. */
package swarmformer.data;
