-- What is still to be collected is summed every half a minute; what was collected long ago is not gone through for it.
create index book_credit_left on book_credit (order_hash) where collected < credited;
