package net.servicestack.client;

import java.lang.annotation.*;

@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface DataMember {
    String Name() default "";
    int Order() default -1;
    boolean IsRequired() default false;
}
