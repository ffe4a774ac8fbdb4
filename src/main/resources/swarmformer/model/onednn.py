# Products with weights through oneDNN: weights laid out for the processor once, bias and sigmoid inside the product.

# weight (out, in), as `linear` takes it
def pack(weight: Tensor) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(weight, 2048)

# x (..., in), weight from `pack`, bias (out) -> (..., out)
def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")

# x (..., in), weight from `pack`, bias (out) -> (..., out)
def linear_sigmoid(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, weight, bias, "sigmoid", annotate(List[Optional[number]], []), "")

